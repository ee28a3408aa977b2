/** Linear algebra, special functions, distributions and Fourier transforms. */

import org.apache.commons.math3.distribution.*;
import org.apache.commons.math3.linear.*;
import org.apache.commons.math3.special.*;
import org.apache.commons.math3.transform.*;

public class MathDriver {
    public static void main(String[] a) {
        RealMatrix m = new Array2DRowRealMatrix(new double[][] {{2, 1}, {1, 3}});
        System.out.println(
                new LUDecomposition(m).getSolver().getInverse()
                        + " "
                        + new EigenDecomposition(m).getRealEigenvalue(0)
                        + " "
                        + Gamma.gamma(4.5)
                        + " "
                        + Erf.erf(.3)
                        + " "
                        + new NormalDistribution().cumulativeProbability(1.96));
        System.out.println(
                new FastFourierTransformer(DftNormalization.STANDARD)
                        .transform(new double[] {1, 2, 3, 4}, TransformType.FORWARD)[1]);
    }
}
