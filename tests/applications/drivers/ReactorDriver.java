/** Streams of Project Reactor, on its schedulers. */

import java.time.Duration;
import reactor.core.publisher.*;
import reactor.core.scheduler.Schedulers;

public class ReactorDriver {
    public static void main(String[] args) {
        System.out.println(Flux.range(1, 10).filter(i -> i % 2 == 0)
                .flatMapSequential(i -> Mono.fromCallable(() -> i * i).subscribeOn(Schedulers.boundedElastic())).collectList().block());
        System.out.println(Flux.interval(Duration.ofMillis(5)).take(4).map(i -> i + "!").collectList().block());
        System.out.println(Flux.range(0, 1000).parallel(3).runOn(Schedulers.parallel()).map(i -> i * 2).sequential().reduce(Integer::sum).block());
        System.out.println(Flux.just("a", "b").concatWith(Mono.error(new IllegalStateException("x"))).onErrorReturn("rescued").collectList().block());
        System.out.println(Mono.never().timeout(Duration.ofMillis(5), Mono.just("late")).block());
        try {
            Flux.range(0, 3).map(i -> 6 / (i - 1)).blockLast();
        } catch (ArithmeticException e) {
            System.out.println(e.getMessage());
        }
        Schedulers.shutdownNow();
    }
}
