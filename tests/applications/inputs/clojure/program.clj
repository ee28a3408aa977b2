; Laziness, persistent maps, macros, protocols, multimethods, transducers, atoms, agents, calls into Java.
(ns program (:require [clojure.string :as string] [clojure.set :as sets]))

(defn primes [] ((fn sieve [[p & more]] (lazy-seq (cons p (sieve (remove #(zero? (mod % p)) more))))) (iterate inc 2)))
(println (take 15 (primes)))

(defmacro unless [test & body] `(if ~test nil (do ~@body)))
(println (unless false :shown) (macroexpand-1 '(unless a b)))

(defprotocol Shape (area [this]))
(defrecord Square [side] Shape (area [_] (* side side)))
(defrecord Circle [radius] Shape (area [_] (* 3 radius radius)))
(println (map area [(->Square 3) (->Circle 2)]) (->Square 7))

(defmulti greet :language)
(defmethod greet :de [_] "Guten Tag")
(defmethod greet :default [_] "Hello")
(println (map greet [{:language :de} {:language :en}]))

(println (into (sorted-map) (frequencies (string/split "the cat and the dog and the end" #" "))))
(println (transduce (comp (filter odd?) (map #(* % %))) + (range 100)))
(println (sets/union #{1 2} #{2}) (/ 1 3) (+ 1/3 2/3) (reduce *' (range 1 30)) 1e10 \a "\"quoted\"")

(def total (atom 0))
(def worker (agent 0))
(dotimes [n 100] (swap! total + n) (send worker + n))
(await worker)
(println @total @worker)

(println (.toUpperCase "java") (Math/abs -5) (String/format "%05d" (to-array [42])))
(try (/ 1 0) (catch ArithmeticException e (println (.getMessage e))))
(try (nth [1 2] 5) (catch IndexOutOfBoundsException e (println (class e))))
(println (loop [n 20 a 0 b 1] (if (zero? n) a (recur (dec n) b (+ a b)))))
(let [{:keys [a b] :or {b 2}} {:a 1}] (println a b))
(println (for [x (range 4) y (range x)] [x y]))
(shutdown-agents)
(throw (ex-info "the end" {:reason 42}))
