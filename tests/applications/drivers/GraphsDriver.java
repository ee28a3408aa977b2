/** Shortest paths, trees, ranks and colours of a random graph. */

import org.jgrapht.*;
import org.jgrapht.alg.color.*;
import org.jgrapht.alg.scoring.*;
import org.jgrapht.alg.shortestpath.*;
import org.jgrapht.alg.spanning.*;
import org.jgrapht.graph.*;

import java.util.*;

public class GraphsDriver {
    public static void main(String[] args) {
        Graph<Integer, DefaultWeightedEdge> graph = new SimpleWeightedGraph<>(DefaultWeightedEdge.class);
        Random random = new Random(1);
        for (int i = 0; i < 60; i++) graph.addVertex(i);
        for (int i = 0; i < 200; i++) {
            int a = random.nextInt(60), b = random.nextInt(60);
            DefaultWeightedEdge edge = a == b ? null : graph.addEdge(a, b);
            if (edge != null) graph.setEdgeWeight(edge, 1 + random.nextInt(9));
        }
        System.out.println(new DijkstraShortestPath<>(graph).getPath(0, 59));
        System.out.println(new KruskalMinimumSpanningTree<>(graph).getSpanningTree().getWeight());
        System.out.println(String.format("%.6f", new PageRank<>(graph).getVertexScore(5)));
        System.out.println(new GreedyColoring<>(graph).getColoring().getNumberColors());
    }
}
