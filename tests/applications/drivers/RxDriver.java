/** Parallel flows and timers. */

import io.reactivex.rxjava3.core.*;
import io.reactivex.rxjava3.schedulers.*;

public class RxDriver {
    public static void main(String[] a) {
        System.out.println(
                Flowable.range(1, 1000)
                        .parallel(4)
                        .runOn(Schedulers.computation())
                        .map(x -> x * x)
                        .sequential()
                        .reduce(0, Integer::sum)
                        .blockingGet());
        Observable.interval(5, java.util.concurrent.TimeUnit.MILLISECONDS)
                .take(3)
                .blockingForEach(System.out::println);
    }
}
