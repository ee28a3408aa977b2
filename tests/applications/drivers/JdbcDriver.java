/** Tables, batches, aggregates, constraint errors and transactions, over whatever driver the URL names. */

import java.sql.*;

public class JdbcDriver {
    public static void main(String[] a) throws Exception {
        try (Connection c = DriverManager.getConnection(a[0])) {
            Statement s = c.createStatement();
            s.execute("create table t(a int primary key, b varchar(20))");
            PreparedStatement p = c.prepareStatement("insert into t values(?,?)");
            for (int i = 0; i < 100; i++) {
                p.setInt(1, i);
                p.setString(2, "n" + i);
                p.addBatch();
            }
            System.out.println(p.executeBatch().length);
            ResultSet r = s.executeQuery("select count(*), sum(a), max(b) from t where a > 10");
            while (r.next())
                System.out.println(r.getInt(1) + " " + r.getInt(2) + " " + r.getString(3));
            System.out.println(c.getMetaData().getDatabaseProductName());
            try {
                s.execute("insert into t values (1,'x')");
            } catch (SQLException e) {
                System.out.println(
                        e.getSQLState() + " " + e.getMessage().replaceAll("SQL[-0-9a-f]+", "N"));
            }
            c.setAutoCommit(false);
            s.execute("delete from t");
            c.rollback();
            r = s.executeQuery("select count(*) from t");
            r.next();
            System.out.println(r.getInt(1));
            c.commit();
        }
    }
}
