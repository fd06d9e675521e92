/** A shop whose orders have one fault of each kind: a workspace small enough to count by hand. */
export const SHOP: Readonly<Record<string, string>> = {
  'strata.yaml': 'name: shop\n',
  'inbox/orders.csv': `id,customer,amount,placed_on
1,ann,10,2026-01-01
2,bob,-5,2026-01-02
3,,7,2026-01-03
4,dan,oops,2026-01-04
5,eve,8,2026-01-05
5,eva,9,2026-01-05
6,fay,3,soon
`,
  'pipelines/shop/pipeline.yaml': 'sources:\n  orders:\n    files: inbox/orders.csv\n    columns: { id: INTEGER, amount: INTEGER, placed_on: DATE }\n',
  'pipelines/shop/raw/orders.yaml': 'columns:\n  customer:\n    rules: [{ not_null: { severity: quarantine } }]\n',
  'pipelines/shop/curated/orders.sql': 'SELECT id, customer, amount FROM raw.orders',
  'pipelines/shop/curated/orders.yaml': 'key: id\ncolumns:\n  id:\n    rules: [{ unique: { severity: quarantine } }]\n  amount:\n    rules: [{ range: { min: 0, severity: quarantine } }]\n',
  'pipelines/shop/results/totals.sql': 'SELECT count(*)::INTEGER AS orders, sum(amount)::INTEGER AS amount FROM curated.orders',
}
