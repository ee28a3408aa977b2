/** Caches: bounded, counted, loading, asynchronous. */

import com.github.benmanes.caffeine.cache.*;

import java.util.*;
import java.util.concurrent.*;

public class CaffeineDriver {
    public static void main(String[] args) throws Exception {
        Cache<Integer, String> bounded = Caffeine.newBuilder().maximumSize(100).recordStats().executor(Runnable::run).build();
        for (int i = 0; i < 1000; i++) bounded.get(i * 7 % 250, k -> "v" + k);
        bounded.cleanUp();
        System.out.println(bounded.estimatedSize() <= 100);
        System.out.println(bounded.stats().requestCount());
        LoadingCache<String, Integer> lengths = Caffeine.newBuilder().expireAfterAccess(1, TimeUnit.HOURS).weakKeys().build(String::length);
        System.out.println(lengths.get("hello") + " " + lengths.getAll(List.of("a", "bb")));
        List<String> gone = new ArrayList<>();
        Cache<String, String> told = Caffeine.newBuilder().executor(Runnable::run).removalListener((k, v, cause) -> gone.add(k + " " + cause)).build();
        told.put("a", "1");
        told.put("a", "2");
        told.invalidate("a");
        System.out.println(gone);
        AsyncLoadingCache<String, String> later = Caffeine.newBuilder().buildAsync(k -> k + k);
        System.out.println(later.get("k").get() + " " + later.getAll(Set.of("x")).get());
        try {
            lengths.get("x" + (char) 0, k -> { throw new IllegalStateException("no"); });
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
    }
}
