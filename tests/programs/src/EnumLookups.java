/* Exercises: Enum.valueOf, EnumMap and EnumSet, which ask Class for its constants by reflection; run
 * with native accessors only, since the others are method handles. */
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;

public class EnumLookups {
    enum Day { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY }

    public static void main(String[] args) {
        System.out.println(Day.valueOf("FRIDAY").ordinal() + " " + Enum.valueOf(Day.class, "SUNDAY"));
        try {
            Day.valueOf("Friday");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        EnumMap<Day, String> map = new EnumMap<Day, String>(Day.class);
        map.put(Day.SUNDAY, "rest");
        map.put(Day.MONDAY, "work");
        map.put(Day.WEDNESDAY, null);
        System.out.println(map + " " + map.size() + " " + map.containsKey(Day.WEDNESDAY) + " " + map.get(Day.TUESDAY));
        for (Map.Entry<Day, String> e : map.entrySet()) System.out.println(e.getKey() + "=" + e.getValue());
        System.out.println(map.remove(Day.MONDAY) + " " + map.keySet());
        EnumSet<Day> weekend = EnumSet.of(Day.SUNDAY, Day.SATURDAY);
        EnumSet<Day> week = EnumSet.complementOf(weekend);
        System.out.println(weekend + " " + week + " " + EnumSet.allOf(Day.class).size() + " " + EnumSet.range(Day.TUESDAY, Day.THURSDAY));
        week.removeAll(EnumSet.of(Day.MONDAY));
        System.out.println(week + " " + week.contains(Day.MONDAY) + " " + EnumSet.noneOf(Day.class).isEmpty());
    }
}
