-- Tables, constraints, transactions, joins, windows, recursion, JSON, large objects, full scripts: on a database in a file.
CREATE TABLE author (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE, born DATE);
CREATE TABLE book (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    author INT NOT NULL REFERENCES author (id) ON DELETE CASCADE,
    title VARCHAR_IGNORECASE(80) NOT NULL,
    price DECIMAL(8, 2) CHECK (price >= 0),
    pages INT DEFAULT 100,
    body CLOB, cover BLOB, tags VARCHAR(20) ARRAY, extra JSON);
CREATE INDEX book_price ON book (price DESC);
INSERT INTO author VALUES (1, 'Ada', DATE '1815-12-10'), (2, 'Grace', DATE '1906-12-09'), (3, 'Søren Ωmega 🍵', NULL);
INSERT INTO book (author, title, price, tags, extra)
    SELECT 1 + MOD(x, 3), 'Volume ' || x, x * 1.25, ARRAY['t' || MOD(x, 4), 'all'], JSON_OBJECT('n': x, 'odd': MOD(x, 2) = 1)
    FROM SYSTEM_RANGE(1, 500);
UPDATE book SET body = REPEAT('long text ', 5000), cover = RANDOM_UUID(7) || X'00ff' WHERE FALSE;
UPDATE book SET body = REPEAT('long text ', 5000), cover = X'00ff10' WHERE id IN (7, 8);
SELECT a.name, COUNT(*) AS books, SUM(b.price) AS total, AVG(b.pages) FROM author a JOIN book b ON b.author = a.id
    GROUP BY a.name HAVING COUNT(*) > 10 ORDER BY total DESC;
SELECT id, title, price, RANK() OVER (PARTITION BY author ORDER BY price DESC) AS place FROM book QUALIFY place <= 2 ORDER BY id;
WITH RECURSIVE fibonacci (a, b) AS (SELECT 0, 1 UNION ALL SELECT b, a + b FROM fibonacci WHERE b < 1000) SELECT a FROM fibonacci;
SELECT id, LENGTH(body), cover, tags[1], extra FROM book WHERE title = 'VOLUME 7';
SELECT TO_CHAR(born, 'DD. MM. YYYY'), DATEDIFF(DAY, born, DATE '2000-01-01'), EXTRACT(YEAR FROM born) FROM author ORDER BY id;
SET AUTOCOMMIT FALSE;
DELETE FROM author WHERE id = 2;
SELECT COUNT(*) FROM book;
ROLLBACK;
SELECT COUNT(*) FROM book;
SET AUTOCOMMIT TRUE;
MERGE INTO author KEY (id) VALUES (3, 'Third', NULL), (4, 'Fourth', DATE '1950-05-05');
EXPLAIN SELECT * FROM book WHERE price > 600;
SELECT HASH('SHA-256', STRINGTOUTF8('tea')), REGEXP_REPLACE('a1b2', '[0-9]', '#'), SOUNDEX('Robert'), 7 / 2, 7 / 2.0, POWER(2, 0.5);
CREATE VIEW dear AS SELECT title FROM book WHERE price > 620;
CREATE TRIGGER none BEFORE INSERT ON author FOR EACH ROW CALL 'no.such.Trigger';
