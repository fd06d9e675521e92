-- Each published prevalence as cases per 100,000: the value where there is one, else the middle of its class.
WITH classes (prevalence_class, low_per_100k, high_per_100k) AS (
  VALUES
    ('<1 / 1 000 000', 0.0, 0.1),
    ('1-9 / 1 000 000', 0.1, 0.9),
    ('1-9 / 100 000', 1.0, 9.0),
    ('1-5 / 10 000', 10.0, 50.0),
    ('6-9 / 10 000', 60.0, 90.0),
    ('>1 / 1000', 100.0, 1000.0)
)
SELECT
  published.orpha_code,
  published.prevalence_type,
  published.geography,
  published.prevalence_class,
  CAST(classes.low_per_100k AS DECIMAL(12, 3)) AS low_per_100k,
  CAST(classes.high_per_100k AS DECIMAL(12, 3)) AS high_per_100k,
  CAST(coalesce(published.mean_per_100k, (classes.low_per_100k + classes.high_per_100k) / 2) AS DECIMAL(12, 3)) AS per_100k,
  CASE
    WHEN published.mean_per_100k IS NOT NULL THEN 'value'
    WHEN classes.prevalence_class IS NOT NULL THEN 'class'
    ELSE 'none'
  END AS basis,
  published.source
FROM preprocessed.prevalences AS published
LEFT JOIN classes USING (prevalence_class)
WHERE published.prevalence_type <> 'Cases/families'
