/** Indexes documents in a folder, opens the index again, and asks it queries of many kinds. */

import java.nio.file.Path;
import java.util.List;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.FSDirectory;

public class LuceneDriver {
    static final String[] WORDS = "the quick brown fox jumps over a lazy dog while seven grey whales sing old songs of tea".split(" ");

    public static void main(String[] args) throws Exception {
        try (var directory = FSDirectory.open(Path.of(args[0]))) {
            var config = new IndexWriterConfig(new StandardAnalyzer()).setMergeScheduler(new SerialMergeScheduler()).setMaxBufferedDocs(50);
            try (var writer = new IndexWriter(directory, config)) {
                long state = 42;
                for (int n = 0; n < 300; n++) {
                    var text = new StringBuilder();
                    for (int w = 0; w < 12; w++) {
                        state = state * 6364136223846793005L + 1442695040888963407L;
                        text.append(WORDS[(int) (state >>> 33) % WORDS.length]).append(' ');
                    }
                    var document = new Document();
                    document.add(new StringField("id", "d" + n, Field.Store.YES));
                    document.add(new TextField("text", text.toString(), Field.Store.YES));
                    document.add(new IntPoint("number", n));
                    document.add(new NumericDocValuesField("order", (n * 37) % 101));
                    writer.addDocument(document);
                }
                writer.deleteDocuments(new Term("id", "d13"));
                writer.updateDocument(new Term("id", "d14"), new Document());
                writer.forceMerge(1);
            }
            try (var reader = DirectoryReader.open(directory)) {
                var searcher = new IndexSearcher(reader);
                System.out.println(reader.numDocs() + " " + reader.docFreq(new Term("text", "whales")) + " " + reader.totalTermFreq(new Term("text", "tea")));
                var both = new BooleanQuery.Builder().add(new TermQuery(new Term("text", "fox")), BooleanClause.Occur.MUST)
                    .add(new TermQuery(new Term("text", "dog")), BooleanClause.Occur.SHOULD).add(new TermQuery(new Term("text", "tea")), BooleanClause.Occur.MUST_NOT).build();
                List<Query> queries = List.of(new TermQuery(new Term("text", "quick")), both, new PhraseQuery(1, "text", "brown", "fox"),
                    new FuzzyQuery(new Term("text", "wales")), new PrefixQuery(new Term("text", "so")), IntPoint.newRangeQuery("number", 10, 16));
                for (Query query : queries) {
                    var found = searcher.search(query, 4);
                    System.out.println(query + ": " + found.totalHits);
                    for (ScoreDoc hit : found.scoreDocs)
                        System.out.println("  " + searcher.storedFields().document(hit.doc).get("id") + " " + hit.score);
                }
                var sorted = searcher.search(new TermQuery(new Term("text", "grey")), 3, new Sort(new SortField("order", SortField.Type.LONG)));
                for (ScoreDoc hit : sorted.scoreDocs) System.out.println(searcher.storedFields().document(hit.doc).get("text"));
                System.out.println(searcher.explain(queries.get(0), searcher.search(queries.get(0), 1).scoreDocs[0].doc));
            }
        }
    }
}
