import { expect, it } from 'vitest'
import { formatFile } from './format-file.ts'

const SAMPLE: Record<string, string> = import.meta.glob('../../../resources/sample/rare-disease/pipelines/**/*.{sql,yaml,ts}', { query: '?raw', import: 'default', eager: true })

it.each(Object.entries(SAMPLE))('%s has a form, which stays as it is', async (file, text) => {
  const once = await formatFile(file, text)
  expect(await formatFile(file, once)).toBe(once)
})

it('statements of DuckDB keep what they say, with their comments, or are left alone', async () => {
  expect(await formatFile('a.sql', "select a, -- why\n list_transform(b, x -> x + 1) as c from raw.x where d ->> '$.e' = 'f' group by all qualify row_number() over (partition by a order by a) = 1")).toMatch(/^select\n  a,\s+-- why\n/)
  await expect(formatFile('a.sql', 'select (((')).rejects.toThrow()
})

it('names the line that is wrong', async () => {
  await expect(formatFile('a.yaml', 'a: [1\nb: 2\n')).rejects.toThrow(/2/)
  expect(await formatFile('a.ts', 'export default   {a:1}')).toBe('export default { a: 1 }\n')
})
