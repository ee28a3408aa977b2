/** Collections, caches, hashing, graphs, ranges, event bus, reflection and concurrency of Guava. */

import com.google.common.base.CaseFormat;
import com.google.common.base.Joiner;
import com.google.common.base.MoreObjects;
import com.google.common.base.Preconditions;
import com.google.common.base.Splitter;
import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.HashBasedTable;
import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableRangeMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Lists;
import com.google.common.collect.Maps;
import com.google.common.collect.Ordering;
import com.google.common.collect.Range;
import com.google.common.collect.Sets;
import com.google.common.collect.TreeRangeSet;
import com.google.common.eventbus.EventBus;
import com.google.common.eventbus.Subscribe;
import com.google.common.graph.GraphBuilder;
import com.google.common.graph.Graphs;
import com.google.common.hash.BloomFilter;
import com.google.common.hash.Funnels;
import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import com.google.common.io.CharSource;
import com.google.common.math.BigIntegerMath;
import com.google.common.math.LongMath;
import com.google.common.math.Stats;
import com.google.common.primitives.Ints;
import com.google.common.primitives.UnsignedLong;
import com.google.common.reflect.TypeToken;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListeningExecutorService;
import com.google.common.util.concurrent.MoreExecutors;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

public class GuavaDriver {
    public static class Listener {
        @Subscribe public void onText(String text) { System.out.println("heard " + text); }
        @Subscribe public void onNumber(Integer number) { throw new IllegalStateException("no numbers"); }
    }

    public static void main(String[] args) throws Exception {
        var multimap = ArrayListMultimap.<String, Integer>create();
        multimap.put("a", 1);
        multimap.put("a", 2);
        var table = HashBasedTable.<Integer, String, Double>create();
        table.put(1, "x", 1.5);
        var bag = HashMultiset.create(List.of("q", "q", "r"));
        System.out.println(multimap + " " + table + " " + bag.count("q") + " " + ImmutableSortedMap.of("b", 1, "a", 2));
        System.out.println(Joiner.on("|").join(Sets.powerSet(ImmutableSet.of(1, 2, 3))) + " " + Lists.partition(Ints.asList(1, 2, 3, 4, 5), 2)
            + " " + Sets.cartesianProduct(ImmutableSet.of(1, 2), ImmutableSet.of(3, 4)) + " " + Lists.reverse(List.of(1, 2)));
        System.out.println(Splitter.on(',').trimResults().omitEmptyStrings().splitToList("x, y,,z") + " "
            + Splitter.on(';').withKeyValueSeparator('=').split("a=1;b=2") + " " + CaseFormat.LOWER_HYPHEN.to(CaseFormat.UPPER_CAMEL, "lower-hyphen"));
        System.out.println(MoreObjects.toStringHelper("Thing").add("n", 1).omitNullValues().add("none", null) + " "
            + Ordering.natural().reverse().sortedCopy(List.of(2, 3, 1)) + " " + Maps.difference(Map.of("k", 1), Map.of("k", 2)));

        for (var hash : List.of(Hashing.sha256(), Hashing.murmur3_128(), Hashing.crc32c(), Hashing.sipHash24(), Hashing.farmHashFingerprint64()))
            System.out.println(hash + " " + hash.hashString("demitasse", StandardCharsets.UTF_8));
        var bloom = BloomFilter.create(Funnels.integerFunnel(), 1000);
        for (int n = 0; n < 500; n++) bloom.put(n);
        System.out.println(bloom.mightContain(250) + " " + bloom.approximateElementCount());

        LoadingCache<String, Integer> cache = CacheBuilder.newBuilder().maximumSize(2).recordStats().removalListener(
            event -> System.out.println("evicted " + event)).build(CacheLoader.from(String::length));
        for (String key : List.of("one", "three", "one", "fifteen", "one")) cache.get(key);
        System.out.println(cache.stats().hitCount() + " " + cache.stats().evictionCount());

        var graph = GraphBuilder.directed().<Integer>build();
        graph.putEdge(1, 2);
        graph.putEdge(2, 3);
        graph.putEdge(3, 1);
        System.out.println(Graphs.hasCycle(graph) + " " + Graphs.reachableNodes(graph, 1) + " " + graph.edges());
        var ranges = TreeRangeSet.create(List.of(Range.closed(1, 5), Range.open(7, 9)));
        System.out.println(ranges.complement() + " " + ImmutableRangeMap.of(Range.atLeast(3), "high"));
        System.out.println(BaseEncoding.base32().encode("demitasse".getBytes()) + " " + BigIntegerMath.factorial(25) + " " + LongMath.binomial(40, 20)
            + " " + Stats.of(1, 2, 3, 4) + " " + UnsignedLong.MAX_VALUE + " " + CharSource.wrap("a\nb\n").readLines());
        System.out.println(new TypeToken<Map<String, List<? extends Number>>>() {} + " " + TypeToken.of(ImmutableList.class).getTypes().interfaces().size());

        ListeningExecutorService pool = MoreExecutors.listeningDecorator(Executors.newFixedThreadPool(3));
        var futures = Lists.transform(List.of(1, 2, 3), n -> pool.submit(() -> n * n));
        System.out.println(Futures.allAsList(List.copyOf(futures)).get());
        pool.shutdown();

        var bus = new EventBus((error, context) -> System.out.println(error + " in " + context.getSubscriberMethod()));
        bus.register(new Listener());
        bus.post("text");
        bus.post(7);
        try {
            Preconditions.checkArgument(args.length > 3, "too few: %s", args.length);
        } catch (IllegalArgumentException e) {
            System.out.println(e);
        }
        ImmutableList.of(1).add(2);
    }
}
