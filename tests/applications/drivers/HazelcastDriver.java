/** One member of Hazelcast, alone: maps, queries, entry processors. */

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.query.Predicates;
import java.util.*;

public class HazelcastDriver {
    public static void main(String[] args) {
        Config config = new Config();
        config.setProperty("hazelcast.logging.type", "none");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.getJetConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        var member = Hazelcast.newHazelcastInstance(config);
        var map = member.<String, Integer>getMap("numbers");
        for (int i = 0; i < 100; i++) map.put("k" + i, i);
        System.out.println(map.size() + " " + map.get("k7") + " " + new TreeSet<>(map.values(Predicates.greaterThan("this", 95))));
        var set = member.getSet("set");
        set.add("x");
        System.out.println(set.add("x") + " " + member.getFlakeIdGenerator("ids").newId() / Long.MAX_VALUE);
        member.shutdown();
        System.out.println("end");
    }
}
