-- The same database, opened again.
SELECT COUNT(*), SUM(price), MIN(title), MAX(id) FROM book;
SELECT * FROM dear ORDER BY 1;
SELECT id, LENGTH(body), extra FROM book WHERE id BETWEEN 6 AND 8;
INSERT INTO author VALUES (1, 'again', NULL);
