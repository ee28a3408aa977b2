public class PSub extends p.Sup {
}
