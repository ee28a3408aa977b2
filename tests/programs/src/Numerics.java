/* Exercises: floating point at work: matrices, Mandelbrot in characters, numerical integration, n-body,
 * fast Fourier transform with exactly rounded operations only. */
public class Numerics {
    static double[][] multiply(double[][] a, double[][] b) {
        int n = a.length, m = b[0].length;
        double[][] c = new double[n][m];
        for (int i = 0; i < n; i++) for (int k = 0; k < b.length; k++) for (int j = 0; j < m; j++) c[i][j] += a[i][k] * b[k][j];
        return c;
    }

    static double[] solve(double[][] a, double[] b) {
        int n = b.length;
        for (int p = 0; p < n; p++) {
            int best = p;
            for (int i = p + 1; i < n; i++) if (Math.abs(a[i][p]) > Math.abs(a[best][p])) best = i;
            double[] row = a[p];
            a[p] = a[best];
            a[best] = row;
            double t = b[p];
            b[p] = b[best];
            b[best] = t;
            for (int i = p + 1; i < n; i++) {
                double f = a[i][p] / a[p][p];
                b[i] -= f * b[p];
                for (int j = p; j < n; j++) a[i][j] -= f * a[p][j];
            }
        }
        double[] x = new double[n];
        for (int i = n - 1; i >= 0; i--) {
            double s = b[i];
            for (int j = i + 1; j < n; j++) s -= a[i][j] * x[j];
            x[i] = s / a[i][i];
        }
        return x;
    }

    static final class Body {
        double x, y, vx, vy;
        final double mass;
        Body(double x, double y, double vx, double vy, double mass) { this.x = x; this.y = y; this.vx = vx; this.vy = vy; this.mass = mass; }
    }

    static double energy(Body[] bodies) {
        double e = 0;
        for (int i = 0; i < bodies.length; i++) {
            Body b = bodies[i];
            e += 0.5 * b.mass * (b.vx * b.vx + b.vy * b.vy);
            for (int j = i + 1; j < bodies.length; j++) {
                double dx = b.x - bodies[j].x, dy = b.y - bodies[j].y;
                e -= b.mass * bodies[j].mass / Math.sqrt(dx * dx + dy * dy);
            }
        }
        return e;
    }

    static void step(Body[] bodies, double dt) {
        for (Body a : bodies) {
            for (Body b : bodies) {
                if (a == b) continue;
                double dx = b.x - a.x, dy = b.y - a.y, d2 = dx * dx + dy * dy, f = b.mass / (d2 * Math.sqrt(d2));
                a.vx += dx * f * dt;
                a.vy += dy * f * dt;
            }
        }
        for (Body a : bodies) {
            a.x += a.vx * dt;
            a.y += a.vy * dt;
        }
    }

    public static void main(String[] args) {
        int n = 40;
        double[][] a = new double[n][n], b = new double[n][n];
        for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) {
            a[i][j] = 1.0 / (i + j + 1);
            b[i][j] = (i * 31 + j * 17) % 7 - 3;
        }
        double[][] c = multiply(a, b);
        double trace = 0;
        for (int i = 0; i < n; i++) trace += c[i][i];
        System.out.println(trace + " " + c[3][7] + " " + c[n - 1][0]);
        double[] x = solve(new double[][] {{2, 1, -1}, {-3, -1, 2}, {-2, 1, 2}}, new double[] {8, -11, -3});
        System.out.println(x[0] + " " + x[1] + " " + x[2]);
        for (int row = -10; row <= 10; row++) {
            StringBuilder line = new StringBuilder();
            for (int col = -39; col <= 20; col++) {
                double cr = col / 20.0, ci = row / 9.0, zr = 0, zi = 0;
                int i = 0;
                for (; i < 94 && zr * zr + zi * zi < 4; i++) {
                    double t = zr * zr - zi * zi + cr;
                    zi = 2 * zr * zi + ci;
                    zr = t;
                }
                line.append((char) (i == 94 ? '#' : i > 20 ? '*' : i > 8 ? '+' : i > 4 ? '-' : i > 2 ? '.' : ' '));
            }
            System.out.println(line);
        }
        double integral = 0;
        for (int i = 0; i < 100000; i++) {
            double t = (i + 0.5) / 100000;
            integral += 4 / (1 + t * t);
        }
        System.out.println(integral / 100000);
        double root = 1;
        for (int i = 0; i < 6; i++) System.out.print((root = (root + 2 / root) / 2) + " ");
        System.out.println();
        Body[] bodies = {new Body(0, 0, 0, 0, 10), new Body(1, 0, 0, 3, 0.1), new Body(-2, 0, 0, -2.2, 0.2), new Body(0, 4, 1.5, 0, 0.05)};
        System.out.println(energy(bodies));
        for (int i = 0; i < 2000; i++) step(bodies, 0.001);
        System.out.println(energy(bodies) + " " + bodies[1].x + " " + bodies[3].y);
        float sum = 0, compensation = 0, naive = 0;
        for (int i = 0; i < 50000; i++) { // Kahan's summation in float
            float v = 0.1f + i % 3, y = v - compensation, t = sum + y;
            compensation = t - sum - y;
            sum = t;
            naive += v;
        }
        System.out.println(sum + " " + naive);
    }
}
