/** Mapped SQL on a database in memory. */

import org.apache.ibatis.annotations.*;
import org.apache.ibatis.datasource.unpooled.*;
import org.apache.ibatis.mapping.*;
import org.apache.ibatis.session.*;
import org.apache.ibatis.transaction.jdbc.*;

import java.util.*;

public class MybatisDriver {
    public interface Cups {
        @Update("create table cups(id int, name varchar(9))")
        void make();

        @Insert("insert into cups values(#{id}, #{name})")
        int add(@Param("id") int id, @Param("name") String name);

        @Select("<script>select * from cups <where><if test='name != null'>name like #{name}</if></where> order by id</script>")
        List<Map<String, Object>> find(@Param("name") String name);

        @Select("select nope from cups")
        String bad();
    }

    public static void main(String[] args) {
        Configuration configuration = new Configuration(new Environment("e", new JdbcTransactionFactory(),
                new UnpooledDataSource("org.h2.Driver", "jdbc:h2:mem:cups;DB_CLOSE_DELAY=-1", "sa", "")));
        configuration.addMapper(Cups.class);
        try (SqlSession session = new SqlSessionFactoryBuilder().build(configuration).openSession()) {
            Cups cups = session.getMapper(Cups.class);
            cups.make();
            for (int i = 0; i < 5; i++) cups.add(i, "n" + i % 2);
            System.out.println(cups.find(null));
            System.out.println(cups.find("%1"));
            try {
                cups.bad();
            } catch (Exception e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
