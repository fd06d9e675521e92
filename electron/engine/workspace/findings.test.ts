import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findingsOf, findingText, loadFiles, testWorkspace } from './test-workspace.ts'

/** One workspace for each mistake: the files, and all that is said about them. */
type Case = [mistake: string, files: Record<string, string | Uint8Array>, findings: string[]]

const pipeline = (text: string): Record<string, string> => ({ 'pipelines/a/pipeline.yaml': text })
const contract = (text: string): Record<string, string> => ({ 'pipelines/a/curated/x.sql': 'SELECT 1 AS id, 2 AS n', 'pipelines/a/curated/x.yaml': text })
const GRAIN = (sql: string): Record<string, string> => ({ 'pipelines/a/preprocessed/y.sql': "SELECT 'e' AS id, 2 AS n", 'pipelines/a/curated/x.sql': sql })
const P = 'pipelines/a/pipeline.yaml'
const C = 'pipelines/a/curated/x.yaml'

function cases(title: string, list: Case[]): void {
  describe(`mistakes in ${title}`, () => {
    it.each(list)('%s', async (_, files, findings) => {
      expect(await findingsOf(files)).toEqual(findings)
    })
  })
}

cases('the grain of a step', [
  [
    'a window over all entities',
    { ...GRAIN('SELECT id,\n  rank() OVER (ORDER BY n) AS r\nFROM preprocessed.y'), 'pipelines/a/curated/x.yaml': 'grain: entity\nentity: { key: id }\n' },
    ['pipelines/a/curated/x.sql:2:3 entity-grain grain: entity does not hold. rank() OVER looks across entities: id is not in its PARTITION BY (Add PARTITION BY id, or write entity: { unsafe: true } if it is right all the same)'],
  ],
  ['the same, but the author answers for it', { ...GRAIN('SELECT id, rank() OVER (ORDER BY n) AS r FROM preprocessed.y'), 'pipelines/a/curated/x.yaml': 'grain: entity\nentity: { key: id, unsafe: true }\n' }, []],
  ['no key', { ...GRAIN('SELECT id FROM preprocessed.y'), 'pipelines/a/curated/x.yaml': 'grain: entity\n' }, [
    'pipelines/a/curated/x.yaml:1:1 missing-key No column is named as the key of an entity (Add entity.key here, or entity: { key: ... } to pipeline.yaml)',
  ]],
  ['an option of processors', { ...GRAIN('SELECT id FROM preprocessed.y'), 'pipelines/a/curated/x.yaml': 'grain: entity\nentity: { key: id, timeout: 3s }\n' }, [
    'pipelines/a/curated/x.yaml:2:20 option-not-for-step "timeout" is for processors, but x is an SQL step (Remove timeout)',
  ]],
  ['a grain for a source', { 'pipelines/a/pipeline.yaml': 'sources:\n  s: { files: a.csv }\n', 'pipelines/a/raw/s.yaml': 'grain: entity\n' }, [
    'pipelines/a/raw/s.yaml:1:1 option-not-for-step "grain" is for SQL steps, but s is a source (Remove grain)',
  ]],
])

cases('strata.yaml', [
  ['an empty file', { 'strata.yaml': '' }, ['strata.yaml:1:1 missing-key "name" is missing: text']],
  ['a bad name', { 'strata.yaml': 'name: My Data\n' }, ['strata.yaml:1:7 invalid-value "name" must hold only a-z, 0-9, - and _ (at most 63), but is "My Data"']],
  ['an unknown key', { 'strata.yaml': 'name: x\nlable: X\n' }, ['strata.yaml:2:1 unknown-key Unknown key "lable" (Did you mean label?)']],
  [
    'several mistakes, all at once',
    { 'strata.yaml': 'name: x\nlimits:\n  memry: 4GB\n  threads: many\n  memory: 4 apples\nlabel: 2024\n' },
    [
      'strata.yaml:3:3 unknown-key Unknown key "memry" in limits (Did you mean memory?)',
      'strata.yaml:4:12 wrong-type "limits.threads" must be a number, but is "many"',
      'strata.yaml:5:11 invalid-value "limits.memory" must be a size such as 512MB or 4GB, but is "4 apples"',
      'strata.yaml:6:8 wrong-type "label" must be text, but is 2024 (Put it in quotes: "2024")',
    ],
  ],
  ['too little memory', { 'strata.yaml': 'name: x\nlimits: { memory: 10MB }\n' }, ['strata.yaml:2:19 invalid-value "limits.memory" must be at least 128MB, but is 10MB']],
  ['a retention that says nothing, and one of no zone', { 'strata.yaml': 'name: x\nretention:\n  raw: {}\n  rew: { keep_versions: 0 }\n' }, [
    'strata.yaml:3:8 invalid-value "retention.raw" must say keep_versions, keep_days or both',
    'strata.yaml:4:3 unknown-key Unknown key "rew" in retention (Did you mean raw?)',
  ]],
  ['lineage that goes nowhere', { 'strata.yaml': 'name: x\nlineage: { openlineage: {} }\n' }, ['strata.yaml:2:25 invalid-value "lineage.openlineage" must say file, url or both']],
  ['lineage with a secret written out, over an address with a password, into the zones', { 'strata.yaml': 'name: x\nlineage:\n  openlineage:\n    file: zones/events.ndjson\n    url: https://me:pass@example.org/\n    headers: { Authorization: Bearer abcdef }\n' }, [
    'strata.yaml:4:11 invalid-value "zones/events.ndjson" is no place for events: it must be a path in the workspace, outside of the folders that Strata keeps (Write lineage/openlineage.ndjson)',
    'strata.yaml:5:10 invalid-value The address of "lineage.openlineage.url" cannot be used: it must be http(s), without a user name or password (Write it like https://collector.example.org/api/v1/lineage; credentials go into headers, as secret:name)',
    'strata.yaml:6:31 invalid-value "headers.Authorization" must name a secret, not hold one (Keep it with "strata secrets set <name>", and write secret:<name>, or "Bearer {secret:<name>}")',
  ]],
  ['no threads', { 'strata.yaml': 'name: x\nlimits: { threads: 0 }\n' }, ['strata.yaml:2:20 invalid-value "limits.threads" must be at least 1, but is 0']],
  ['a list where keys should be', { 'strata.yaml': '- name\n' }, ['strata.yaml:1:1 wrong-type The file must be a mapping of keys, but is a list']],
  ['broken YAML', { 'strata.yaml': 'name: x\nlabel: "open\n' }, ['strata.yaml:3:1 yaml-syntax YAML: Missing closing "quote']],
  ['a tab', { 'strata.yaml': 'name: x\nlimits:\n\tthreads: 2\n' }, ['strata.yaml:3:1 yaml-syntax YAML: Tabs are not allowed as indentation (Indent with spaces)']],
  ['a key that occurs twice', { 'strata.yaml': 'name: x\nname: y\n' }, ['strata.yaml:2:1 yaml-syntax YAML: Map keys must be unique (Remove one of the two)']],
  ['text that is not UTF-8', { 'strata.yaml': new Uint8Array([0x6e, 0xff, 0xfe]) }, ['strata.yaml unreadable The file is not UTF-8 text (Save it as UTF-8)']],
])

cases('sources', [
  ['names that objects have themselves', pipeline('sources:\n  __proto__: { files: a.csv }\n  constructor: { format: csv }\n  ok: { files: a.csv, delimiter: toString }\n'), [
    `${P}:2:3 bad-name "__proto__" cannot be a key`,
    `${P}:3:3 missing-key "sources.constructor.files" is missing: text or a list`,
    `${P}:4:34 invalid-value "delimiter" must be a character, but is "toString" (Put the character in quotes)`,
  ]],
  ['a range that is none, and header rows that cannot be', pipeline('sources:\n  s:\n    files: a.xlsx\n    range: F5:A1\n    header: false\n    header_rows: 2\n'), [
    `${P}:4:12 invalid-value "F5:A1" is no range of cells (Write it like A5:F100, A5:F (down to the end) or B:D)`,
    `${P}:6:5 invalid-value There are header rows, or header: false, but not both (Remove one of the two)`,
  ]],
  ['a table and a query at once', pipeline('sources:\n  s:\n    files: a.sqlite\n    table: t\n    query: SELECT 1\n'), [`${P}:5:5 invalid-value There is a table and a query, and only one of them can be read (Remove one of the two)`]],
  ['children that cannot be', pipeline('sources:\n  s:\n    files: inbox/a.json\n    keep: move\n    fields: { id: $.id, _file: $.x, n: { path: a.b, type: INTT } }\n    children:\n      c: { record: $.c, keys: idd, fields: { v: $., parent_record: $.p } }\n'), [
    `${P}:5:25 duplicate There is a column "_file" already`,
    `${P}:5:48 invalid-value The path a.b cannot be read: it must begin with $ (Write it like $.a.b or $.list[*].name)`,
    `${P}:5:59 unknown-type "INTT" is no column type: DuckDB has no type intt (Did you mean INT1?)`,
    `${P}:7:31 invalid-value "idd" is no field of source "s" (Its fields: id, _file, n)`,
    `${P}:7:49 invalid-value The path $. cannot be read: "." is not understood (Write it like $.a.b or $.list[*].name)`,
    `${P}:7:53 duplicate There is a column "parent_record" already`,
  ]],
  ['no files', pipeline('sources:\n  s:\n    format: csv\n'), [`${P}:2:3 missing-key "sources.s.files" is missing: text or a list`]],
  ['a misspelt option', pipeline('sources:\n  s:\n    files: a.csv\n    delimeter: ","\n'), [`${P}:4:5 unknown-key Unknown key "delimeter" in sources.s (Did you mean delimiter?)`]],
  ['a misspelt format', pipeline('sources:\n  s: { files: a.x, format: cvs }\n'), [`${P}:2:28 invalid-value "sources.s.format" must be csv or tsv or fixed or json or ndjson or xml or parquet or xlsx or sqlite or duckdb or arrow, but is "cvs" (Did you mean csv?)`]],
  ['a format that cannot be told', pipeline('sources:\n  s:\n    files: inbox/things\n'), [`${P}:3:12 missing-key The format of source "s" cannot be told from its files (Add format: csv, tsv, fixed, json, ndjson, xml, parquet, xlsx, sqlite, duckdb, arrow)`]],
  ['files of two formats', pipeline('sources:\n  s:\n    files: [a.csv, b.json]\n'), [`${P}:3:12 missing-key The format of source "s" cannot be told from its files (Add format: csv, tsv, fixed, json, ndjson, xml, parquet, xlsx, sqlite, duckdb, arrow)`]],
  [
    'options of another format',
    pipeline('sources:\n  s:\n    files: a.json\n    delimiter: ;\n    lists: b\n'),
    [
      `${P}:4:5 option-not-for-format "delimiter" is an option of csv, tsv, not of json (Remove delimiter)`,
      `${P}:5:5 option-not-for-format "lists" is an option of xml, not of json (Remove lists)`,
    ],
  ],
  ['types for Parquet', pipeline('sources:\n  s:\n    files: a.parquet\n    columns: { a: INTEGER }\n'), [`${P}:4:5 option-not-for-format "columns" is an option of csv, tsv, fixed, json, ndjson, xml, xlsx, sqlite, arrow, not of parquet (Remove columns)`]],
  ['a JSON path without $', pipeline('sources:\n  s: { files: a.json, record: "studies[*]" }\n'), [
    `${P}:2:31 invalid-value The record path studies[*] cannot be read: it must begin with $ (Write it like $.studies[*] or $.a."b c"[*])`,
  ]],
  ['an XML path with a space', pipeline('sources:\n  s: { files: a.xml, record: a/b c }\n'), [`${P}:2:30 invalid-value "a/b c" is no path of elements (Write it like catalog/disease)`]],
  ['a long delimiter', pipeline('sources:\n  s: { files: a.csv, delimiter: semicolons }\n'), [`${P}:2:33 invalid-value "delimiter" must be a character, but is "semicolons" (Did you mean semicolon?)`]],
  ['the same character twice', pipeline(`sources:\n  s: { files: a.csv, delimiter: ';', quote: ';' }\n`), [`${P}:2:45 invalid-value "quote" and "delimiter" of source "s" are the same character`]],
  ['an unknown type', pipeline('sources:\n  s:\n    files: a.csv\n    columns:\n      a: INTEGR\n'), [`${P}:5:10 unknown-type "INTEGR" is no column type: DuckDB has no type integr (Did you mean INTEGER?)`]],
  ['a type cut at its comma', pipeline('sources:\n  s:\n    files: a.csv\n    columns: { a: DECIMAL(10,2) }\n'), [
    `${P}:4:19 unknown-type "DECIMAL(10" is no column type: ")" is missing at the end (Between { and }, put a type that holds a comma in quotes)`,
    `${P}:4:30 wrong-type "sources.s.columns.2)" must be a type, but nothing is said`,
  ]],
  ['columns that differ in case only', pipeline('sources:\n  s:\n    files: a.csv\n    columns:\n      a: TEXT\n      A: TEXT\n'), [`${P}:6:7 duplicate Columns "a" and "A" are the same to SQL, which does not tell cases apart`]],
  ['a column of ours', pipeline('sources:\n  s:\n    files: a.csv\n    columns:\n      _file: TEXT\n'), [`${P}:5:7 bad-name "_file" is a column that Strata adds to every raw dataset`]],
  ['more than all', pipeline('sources:\n  s: { files: a.csv, tolerate: 101% }\n'), [`${P}:2:32 invalid-value "sources.s.tolerate" must be a count such as 5 or a share such as 1%, but is "101%"`]],
  ['moving from elsewhere', pipeline('sources:\n  s: { files: [inbox/a.csv, inbox/../b.csv], keep: move }\n'), [`${P}:2:52 invalid-value keep: move takes files out of inbox/ only, and "inbox/../b.csv" is not there (Write keep: copy)`]],
  ['a name in upper case', pipeline('sources:\n  My-Source: { files: a.csv }\n'), [`${P}:2:3 bad-name Dataset "My-Source" must start with a letter and hold only a-z, 0-9 and _ (at most 63) (Call it my_source)`]],
  ['a reserved name', pipeline('sources:\n  select: { files: a.csv }\n'), [
    `warning ${P} no-steps Data type "a" has no steps (Declare a source in pipeline.yaml, or put a SELECT into <zone>/<name>.sql)`,
    `${P}:2:3 bad-name Dataset "select" is reserved by DuckDB or the operating system (Choose another name)`,
  ]],
  ['one name for two sources', pipeline('sources:\n  s: { files: a.csv }\n  s: { files: b.csv }\n'), [`${P}:3:3 yaml-syntax YAML: Map keys must be unique (Remove one of the two)`]],
  ['retrying bad code', pipeline('sources: { s: { files: a.csv } }\nretry:\n  bad_code: { attempts: 2 }\n  busy: { atempts: 2, base_delay: 5 days, max_delay: 1ms }\n'), [
    `${P}:3:3 unknown-key Unknown key "bad_code" in retry (Known here: busy, network, timeout, disk_full, out_of_memory, bad_data, crash)`,
    `${P}:4:3 invalid-value "retry.busy" has a max_delay (1 ms) that is shorter than the first wait (500 ms)`,
    `${P}:4:11 unknown-key Unknown key "atempts" in retry.busy (Did you mean attempts?)`,
    `${P}:4:35 invalid-value "retry.busy.base_delay" must be a duration such as 500ms, 2s or 1m, but is "5 days"`,
  ]],
])

const http = (text: string, rest = ''): ReturnType<typeof pipeline> => pipeline(`sources:\n  s:\n    format: json\n    http:\n${text.split('\n').map((line) => `      ${line}`).join('\n')}\n${rest}`)

cases('sources over HTTP', [
  ['all that there is', http('url: https://example.org/a/{param:region}\nquery: { since: "{cursor}", n: 5 }\nheaders: { X-Key: "Token {secret:key}" }\nauth: { bearer: secret:token }\npaging: { by: cursor, next: $.next }\nrate: 5/s\ntimeout: 10s\nmax_size: 10MB\nredirects: [other.example.org]', '    incremental: { column: changed, initial: 2024-01-01 }\nparameters: { region: { type: text } }\n'), []],
  ['files besides', http('url: https://example.org/a', '    files: a.json\n'), [`${P}:6:5 invalid-value Source "s" has files and http; it must be one of them`]],
  ['a password in the address', http('url: https://ann:secret@example.org/a'), [`${P}:5:12 invalid-value A user name or password in the address would be readable for everybody (Write auth: { basic: { user: name, password: secret:name } })`]],
  ['no address', http('url: ftp://{param:host}/a'), [`${P}:5:12 invalid-value "ftp://{param:host}/a" is no address that can be asked (Write it like https://api.example.org/v1/orders; {cursor} and {param:name} may stand behind the host)`]],
  ['a secret in the open', http('url: https://example.org/a\nauth: { bearer: abcdef }\nheaders: { Authorization: Basic xyz }'), [
    `${P}:6:23 invalid-value "auth.bearer" must name a secret, not hold one (Keep it with "strata secrets set <name>", and write secret:<name> here)`,
    `${P}:7:33 invalid-value "headers.Authorization" must name a secret, not hold one (Keep it with "strata secrets set <name>", and write secret:<name> here)`,
  ]],
  ['references that mean nothing', http('url: https://example.org/a?r={param:region}&c={curser}\nquery: { since: "{cursor}", key: "secret:My Key" }'), [
    `${P}:5:7 invalid-value {curser} is not understood (Write {cursor}, {param:name} or {secret:name})`,
    `${P}:5:7 invalid-value "secret:My Key" names no secret (Names are lower-case letters, digits and _)`,
    `${P}:5:7 missing-key {cursor} needs to know which column it is the highest value of (Add incremental: { column: <name> })`,
    `${P}:5:7 unknown-parameter pipeline.yaml declares no parameter "region"`,
  ]],
  ['paging without what it needs', http('url: https://example.org/a\npaging: { by: offset, next: next }'), [
    `${P}:6:15 missing-key Paging by offset needs the number of records a page (Add size)`,
    `${P}:6:35 invalid-value "next" is for paging by cursor, not by offset (Write by: cursor)`,
    `${P}:6:35 invalid-value The record path next cannot be read: it must begin with $ (Write it like $.studies[*] or $.a."b c"[*])`,
  ]],
  ['databases', pipeline(`parameters: { r: { type: text } }\nsources:\n  a: { postgres: { connection: 'secret:db', query: 'SELECT 1 AS a WHERE x = {param:r}' }, incremental: { column: a } }\n  b: { mysql: { connection: { host: localhost, database: d, user: u }, query: SELECT 1 AS a } }\n`), []],
  ['a password in a connection', pipeline(`sources:\n  a: { postgres: { connection: { host: h, database: d, user: u, password: pw }, query: 'SELECT 1 WHERE c > {cursor}' } }\n  b: { mysql: { connection: 'mysql://u:p@h/d', query: SELECT 1 }, format: csv }\n`), [
    `${P}:2:75 invalid-value "password" must name a secret, not hold one (Keep it with "strata secrets set <name>", and write secret:<name> here)`,
    `${P}:2:88 invalid-value The query needs no {cursor}: with incremental, rows beyond the cursor are asked for by themselves (Leave the condition out)`,
    `${P}:3:29 invalid-value "connection" must name a secret, or say host, database and user (Keep it with "strata secrets set <name>", and write secret:<name> here)`,
  ]],
  ['increments of files', pipeline('sources:\n  s: { files: a.csv, incremental: { column: a } }\n'), [`${P}:2:35 option-not-for-format "incremental" is an option of sources that are asked over the network (Remove incremental)`]],
])

it('a source with a mistake still has a name, so that what reads it is not blamed', async () => {
  const findings = await findingsOf({ ...pipeline('sources:\n  s: { format: csv }\n'), 'pipelines/a/curated/x.sql': 'FROM raw.s' })
  expect(findings).toEqual([`${P}:2:3 missing-key "sources.s.files" is missing: text or a list`])
})

cases('files and folders', [
  ['a data type in upper case', { 'pipelines/Drugs/curated/x.sql': 'SELECT 1 AS a', 'pipelines/b/curated/y.sql': 'FROM drugs.curated.x' }, [
    'pipelines/Drugs bad-name Data type "Drugs" must start with a letter and hold only a-z, 0-9 and _ (at most 63) (Rename the folder to drugs)',
  ]],
  ['a data type called like a zone', { 'pipelines/raw/curated/x.sql': 'SELECT 1 AS a' }, ['pipelines/raw bad-name Data type "raw" is the name of a zone (Choose another name)']],
  ['a step in upper case', { 'pipelines/a/curated/My-Table.sql': 'SELECT 1 AS a', 'pipelines/a/results/y.sql': 'FROM curated.my_table' }, [
    'pipelines/a/curated/My-Table.sql bad-name Dataset "My-Table" must start with a letter and hold only a-z, 0-9 and _ (at most 63) (Rename it to my_table.sql)',
  ]],
  ['an ending in upper case', { 'pipelines/a/curated/x.SQL': 'SELECT 1 AS a' }, ['pipelines/a/curated/x.SQL bad-name "x.SQL" must end in .sql (Rename it to x.sql)']],
  ['a .yml', { ...contract('key: id\n'), 'pipelines/a/curated/y.sql': 'SELECT 1 AS a', 'pipelines/a/curated/y.yml': 'key: a\n' }, [
    'pipelines/a/curated/y.yml bad-name "y.yml" must end in .yaml (Rename it to y.yaml)',
  ]],
  ['a misspelt zone', { 'pipelines/a/curatd/x.sql': 'SELECT 1 AS a', 'pipelines/a/curated/y.sql': 'SELECT 1 AS a' }, [
    'warning pipelines/a/curatd unknown-folder The folder "curatd" is no zone, so its files are not read (Did you mean curated?)',
  ]],
  ['a step outside the zones', { 'pipelines/a/x.sql': 'SELECT 1 AS a', 'pipelines/a/curated/y.sql': 'SELECT 1 AS a' }, [
    'warning pipelines/a/x.sql unknown-file "x.sql" is not read: steps stand in zone folders (Move it into one of raw, preprocessed, processed, curated, results)',
  ]],
  ['a pipeline file called otherwise', { 'pipelines/a/pipeline.yml': '', 'pipelines/a/curated/y.sql': 'SELECT 1 AS a' }, [
    'warning pipelines/a/pipeline.yml unknown-file "pipeline.yml" is not read: the file is called pipeline.yaml (Rename it to pipeline.yaml)',
  ]],
  ['a step in the raw zone', { ...pipeline('sources: { s: { files: a.csv } }\n'), 'pipelines/a/raw/x.sql': 'SELECT 1 AS a' }, [
    'pipelines/a/raw/x.sql step-in-raw The raw zone holds what sources deliver; a step cannot write there (Move the file into preprocessed)',
  ]],
  ['one dataset made twice', { 'pipelines/a/curated/x.sql': 'SELECT 1 AS a', 'pipelines/a/curated/x.ts': 'export default {}' }, [
    'pipelines/a/curated/x.ts duplicate a.curated.x is already made by pipelines/a/curated/x.sql (Keep one of the two, or rename one)',
  ]],
  ['a contract without a step', { 'pipelines/a/curated/products.sql': 'SELECT 1 AS a', 'pipelines/a/curated/prodcts.yaml': 'description: x\n' }, [
    'pipelines/a/curated/prodcts.yaml contract-without-step There is no step for this contract: neither prodcts.sql nor prodcts.ts is beside it (Did you mean products.yaml?)',
  ]],
  ['a contract of an unknown source', { ...pipeline('sources: { s: { files: a.csv } }\n'), 'pipelines/a/raw/zzzzzz.yaml': 'description: x\n' }, [
    'pipelines/a/raw/zzzzzz.yaml contract-without-step There is no step for this contract: pipeline.yaml has no source "zzzzzz"',
  ]],
  ['a data type without steps', { ...pipeline('label: A\n') }, [`warning ${P} no-steps Data type "a" has no steps (Declare a source in pipeline.yaml, or put a SELECT into <zone>/<name>.sql)`]],
])

it('a data type folder in two spellings counts once', async () => {
  const model = await loadFiles({ 'pipelines/a/curated/x.sql': 'SELECT 1 AS a', 'pipelines/A/curated/y.sql': 'SELECT 1 AS a' })
  expect(model.dataTypes.map(({ name }) => name)).toEqual(['a'])
  // A file system that does not tell cases apart has one folder only, and nothing to say.
  expect([[], ['bad-name', 'duplicate']]).toContainEqual(model.findings.map(({ code }) => code))
})

it('what tests need, shared code and hidden files of a data type are left alone', async () => {
  const model = await loadFiles({
    'pipelines/a/curated/x.sql': 'SELECT 1 AS a',
    'pipelines/a/curated/x.test.ts': 'nothing',
    'pipelines/a/curated/README.md': 'words',
    'pipelines/a/curated/.x.sql.swp': 'SELEC',
    'pipelines/a/tests/data/x.yaml': 'anything: [',
    'pipelines/a/lib/words.ts': '',
    'pipelines/README.md': '',
  })
  expect(model.findings).toEqual([])
})

cases('tests of steps', [
  ['a step that is not there', { 'pipelines/a/curated/total.sql': 'SELECT 1 AS n', 'pipelines/a/tests/t.yaml': 'step: curated.totl\nexpect: []\n' }, [
    'pipelines/a/tests/t.yaml:1:7 unknown-dataset There is no step curated.totl in a (Did you mean curated.total?)',
  ]],
  ['a dataset that the step does not read', { 'pipelines/a/curated/total.sql': 'SELECT 1 AS n', 'pipelines/a/tests/t.yaml': 'step: curated.total\ngiven:\n  curated.total: []\nexpect: []\n' }, [
    'pipelines/a/tests/t.yaml:3:3 unknown-dataset curated.total does not read curated.total (It reads nothing)',
  ]],
  ['a column that the step does not give', { 'pipelines/a/curated/total.sql': 'SELECT 1 AS amount', 'pipelines/a/tests/t.yaml': 'step: curated.total\nexpect:\n  - { amont: 1 }\n' }, [
    'pipelines/a/tests/t.yaml:3:7 unknown-column a.curated.total has no column "amont" (Did you mean amount?)',
  ]],
  ['a parameter that nobody declared', { 'pipelines/a/curated/total.sql': 'SELECT 1 AS n', 'pipelines/a/tests/t.yaml': 'step: curated.total\nparameters: { year: 2024 }\nexpect: []\n' }, [
    'pipelines/a/tests/t.yaml:2:21 unknown-parameter pipeline.yaml declares no parameter "year"',
  ]],
  ['rows that are none', { 'pipelines/a/curated/total.sql': 'SELECT 1 AS n', 'pipelines/a/tests/t.yaml': 'step: curated.total\nexpect: 3\n' }, [
    'pipelines/a/tests/t.yaml:2:9 wrong-type "expect" must be a list, but is 3',
  ]],
])

it('a test with a mistake keeps nothing from running', async () => {
  const model = await loadFiles({ 'pipelines/a/curated/total.sql': 'SELECT 1 AS n', 'pipelines/a/tests/t.yaml': 'step: nothing\n' })
  expect(model.findings.some(({ severity }) => severity === 'error')).toBe(true)
  expect(model.dataTypes).toMatchObject([{ runnable: true, tests: [] }])
})

describe('links', () => {
  it('that lead out of the workspace are refused, others followed', async () => {
    await using workspace = await testWorkspace({ 'pipelines/a/curated/x.sql': 'SELECT 1 AS a' })
    await workspace.link('pipelines/a/curated/y.sql', 'x.sql')
    await workspace.link('pipelines/a/curated/out.sql', '/etc/hostname')
    await workspace.link('pipelines/a/curated/gone.sql', 'nowhere.sql')
    await workspace.link('pipelines/b', join(tmpdir()))
    const model = await workspace.load()
    expect(model.dataTypes.map(({ steps }) => steps.map(({ dataset }) => dataset))).toEqual([['a.curated.x', 'a.curated.y']])
    expect(model.findings.map(({ file, code }) => `${file} ${code}`)).toEqual([
      'pipelines/a/curated/gone.sql unreadable',
      'pipelines/a/curated/out.sql link-outside',
      'pipelines/b link-outside',
    ])
  })
})

cases('SQL', [
  ['a syntax error', { 'pipelines/a/curated/x.sql': 'SELECT a,\nFROM\n' }, ['pipelines/a/curated/x.sql:3:1 sql-syntax SQL: syntax error at end of input']],
  ['nothing', { 'pipelines/a/curated/x.sql': '-- later\n' }, ['pipelines/a/curated/x.sql:1:1 sql-empty There is no SQL statement: write one SELECT']],
  ['two statements', { 'pipelines/a/curated/x.sql': 'SELECT 1 AS a;\nSELECT 2 AS b;\n' }, ['pipelines/a/curated/x.sql:2:1 sql-refused There are 2 statements: write exactly one SELECT']],
  ['a description', { 'pipelines/a/curated/x.sql': 'SELECT 1 AS a', 'pipelines/a/curated/y.sql': 'SUMMARIZE curated.x' }, [
    'pipelines/a/curated/y.sql:1:1 sql-refused SUMMARIZE is no SELECT (Write SELECT * FROM (SUMMARIZE ...))',
  ]],
  ['an unknown dataset', { 'pipelines/a/curated/products.sql': 'SELECT 1 AS a', 'pipelines/a/results/y.sql': "SELECT 'é'\nFROM Curated.Prodcts" }, [
    'pipelines/a/results/y.sql:2:6 unknown-dataset Unknown dataset "curated.prodcts" (Did you mean curated.products?)',
  ]],
  ['a dataset of another data type by its short name', { 'pipelines/b/curated/products.sql': 'SELECT 1 AS a', 'pipelines/a/results/y.sql': 'FROM curated.products' }, [
    'pipelines/a/results/y.sql:1:6 unknown-dataset Unknown dataset "curated.products" (Did you mean b.curated.products?)',
  ]],
  ['a data type without its zone', { 'pipelines/b/curated/products.sql': 'SELECT 1 AS a', 'pipelines/a/results/y.sql': 'FROM b.products' }, [
    'pipelines/a/results/y.sql:1:6 unknown-dataset Unknown dataset "b.products" (Did you mean b.curated.products?)',
  ]],
  ['a name without its zone', { 'pipelines/a/curated/products.sql': 'SELECT 1 AS a', 'pipelines/a/results/y.sql': 'SELECT * FROM products p' }, [
    'pipelines/a/results/y.sql:1:15 unqualified-table "products" needs its zone: write zone.products, or data_type.zone.products (Did you mean curated.products?)',
  ]],
  ['a file', { 'pipelines/a/curated/x.sql': "SELECT * FROM read_csv('a.csv')" }, [
    'pipelines/a/curated/x.sql:1:15 sql-refused read_csv() is refused: SQL reads datasets only. Declare the file as a source in pipeline.yaml and read its raw dataset',
  ]],
  ['a step that reads itself', { 'pipelines/a/curated/x.sql': 'SELECT * FROM curated.x' }, ['pipelines/a/curated/x.sql:1:15 cycle a.curated.x reads itself']],
  ['a circle', { 'pipelines/a/curated/x.sql': 'FROM processed.y', 'pipelines/a/processed/y.sql': 'FROM a.curated.z', 'pipelines/a/curated/z.sql': 'FROM curated.x', 'pipelines/a/results/r.sql': 'FROM curated.x' }, [
    'pipelines/a/processed/y.sql:1:6 cycle The steps go in a circle: a.processed.y → a.curated.z → a.curated.x → a.processed.y (each reads the next)',
  ]],
  ['a circle over two data types', { 'pipelines/a/curated/x.sql': 'FROM b.curated.y', 'pipelines/b/curated/y.sql': 'FROM a.curated.x' }, [
    'pipelines/a/curated/x.sql:1:6 cycle The steps go in a circle: a.curated.x → b.curated.y → a.curated.x (each reads the next)',
    'pipelines/b/curated/y.sql:1:6 cycle The steps go in a circle: a.curated.x → b.curated.y → a.curated.x (each reads the next)',
  ]],
])

const PROCESSOR = { 'pipelines/a/preprocessed/x.sql': 'SELECT 1 AS id', 'pipelines/a/processed/e.ts': 'export default {}' }
const E = 'pipelines/a/processed/e.yaml'

cases('entity steps', [
  ['no sidecar', PROCESSOR, ['pipelines/a/processed/e.ts missing-key The processor e.ts needs to be told what it reads (Write into e.yaml: entity: { input: preprocessed.something })']],
  ['an unknown input', { ...PROCESSOR, [E]: 'entity:\n  input: preprocessed.y\n  key: id\n' }, [`${E}:2:10 unknown-dataset Unknown dataset "preprocessed.y" (Did you mean preprocessed.x?)`]],
  ['no key', { ...PROCESSOR, [E]: 'entity: { input: preprocessed.x }\n' }, [`${E}:1:1 missing-key No column is named as the key of an entity (Add entity.key here, or entity: { key: ... } to pipeline.yaml)`]],
  ['a key that its input does not have', { ...PROCESSOR, [E]: 'entity:\n  input: preprocessed.x\n  key: idd\n' }, [`warning ${E}:3:8 unknown-column a.preprocessed.x has no column "idd", the key of an entity (Did you mean id?)`]],
  ['no default export', { ...PROCESSOR, 'pipelines/a/processed/e.ts': 'const x = 1', [E]: 'entity: { input: preprocessed.x, key: id }\n' }, [
    'pipelines/a/processed/e.ts no-default-export The processor has no default export (Write export default defineProcessor({ result, process }))',
  ]],
  ['TypeScript that cannot be read', { ...PROCESSOR, 'pipelines/a/processed/e.ts': 'const a = {\n  b: (1 +\n}\nexport default {}\n', [E]: 'entity: { input: preprocessed.x, key: id }\n' }, ['pipelines/a/processed/e.ts:3:1 typescript-syntax Expression expected']],
  ['TypeScript that cannot be erased', { ...PROCESSOR, 'pipelines/a/processed/e.ts': 'export default {}\n  enum Colour { red }\n', [E]: 'entity: { input: preprocessed.x, key: id }\n' }, [
    'pipelines/a/processed/e.ts:2:3 typescript-syntax TypeScript enum is not supported in strip-only mode (Use only TypeScript that can be erased: no enum, no namespace, no parameter properties)',
  ]],
  ['options beside a SELECT', contract('entity: { input: curated.x }\n'), [`${C}:1:1 option-not-for-step "entity" is for entity steps, but x is an SQL step without grain: entity (Add grain: entity, or remove entity)`]],
  ['too many at once', { ...PROCESSOR, [E]: 'entity: { input: preprocessed.x, key: id, concurrency: 1000, timeout: 5 days }\n' }, [
    `${E}:1:56 invalid-value "entity.concurrency" must be at most 256, but is 1000`,
    `${E}:1:71 invalid-value "entity.timeout" must be a duration such as 500ms, 2s or 1m, but is "5 days"`,
  ]],
])

cases('contracts', [
  ['an unknown rule', contract('columns:\n  id:\n    rules: [not_nul]\n'), [`${C}:3:13 invalid-value "columns.id.rules.0" must be not_null or unique, but is "not_nul" (Did you mean not_null?)`]],
  ['an unknown rule with options', contract('columns:\n  id:\n    rules:\n      - accepted_value: [1]\n'), [
    `${C}:4:9 unknown-key Unknown key "accepted_value" in columns.id.rules.0 (Did you mean accepted_values?)`,
  ]],
  ['two rules in one', contract('columns:\n  id:\n    rules:\n      - not_null:\n        unique:\n'), [
    `${C}:4:9 invalid-value "columns.id.rules.0" is one rule: not_null, unique, accepted_values, range, length, nulls, distinct, pattern, relationship`,
  ]],
  ['no accepted values', contract('columns:\n  id:\n    rules: [{ accepted_values: [] }]\n'), [`${C}:3:32 invalid-value "columns.id.rules.0.accepted_values" must not be empty`]],
  ['a range without ends', contract('columns:\n  id:\n    rules:\n      - range:\n'), [`${C}:4:15 invalid-value "columns.id.rules.0.range" needs min, max or both`]],
  ['a range that allows nothing', contract('columns:\n  id:\n    rules: [{ range: { min: 5, max: 1 } }]\n'), [`${C}:3:29 invalid-value The range allows nothing: min 5 is above max 1`]],
  ['a day that is none', contract('columns:\n  id:\n    rules: [{ range: { max: today - 2 moons } }]\n'), [`${C}:3:29 invalid-value "today - 2 moons" is no day (Write today, "today - 30 days" or "today + 1 year")`]],
  ['a length that allows nothing', contract('columns:\n  id:\n    rules: [{ length: { min: 3, max: 2 } }]\n'), [`${C}:3:30 invalid-value The length allows nothing: min 3 is above max 2`]],
  ['a growth that allows nothing', contract('growth: { min: 10%, max: -10% }\n'), [`${C}:1:16 invalid-value "growth" allows nothing: min 10% is above max -10%`]],
  ['an age that is none', contract('freshness: 30 moons\n'), [`${C}:1:12 invalid-value "freshness" must be an age such as 12h, 30d or 2w, but is "30 moons"`]],
  ['an anomaly without a bound', contract('anomalies:\n  mean: { columns: id }\n'), [`${C}:2:9 invalid-value "anomalies.mean" needs within or z`]],
  ['an anomaly of a column that is not there', contract('anomalies:\n  nulls: { columns: [id, ix], within: 5% }\n'), [`${C}:2:26 unknown-column The dataset has no column "ix" (Did you mean id?)`]],
  ['a longer history than is looked at', contract('anomalies: { over: 3, at_least: 5, rows: 30% }\n'), [`${C}:1:33 invalid-value "at_least" is 5, but only 3 versions are looked back at (Raise over, or lower at_least)`]],
  ['a bad pattern', contract("columns:\n  id:\n    rules: [{ pattern: '[a' }, { pattern: { pattern: '(?=a)' } }]\n"), [
    `${C}:3:24 invalid-pattern "[a" is no regular expression: unterminated character class`,
    `${C}:3:54 invalid-pattern "(?=a)" is no regular expression: looking ahead or behind is not possible in RE2`,
    `${C}:3:32 duplicate There are two different checks called pattern(id) (Make them one, or write one as a check in SQL with a name of its own)`,
  ].toSorted()],
  ...(
    [
      ['columns:\n  id:\n    rules: [{ nulls: { max: 5%, severity: quarantine } }]\n', '3:43', 'columns.id.rules.0.nulls.severity'],
      ['columns:\n  id:\n    rules: [{ distinct: { min: 3, severity: quarantine } }]\n', '3:45', 'columns.id.rules.0.distinct.severity'],
      ['rows: { min: 1, severity: quarantine }\n', '1:27', 'rows.severity'],
      ['growth: { min: -10%, severity: quarantine }\n', '1:32', 'growth.severity'],
      ['freshness: { max_age: 3d, severity: quarantine }\n', '1:37', 'freshness.severity'],
      ['anomalies:\n  rows: { z: 3, severity: quarantine }\n', '2:27', 'anomalies.rows.severity'],
      ['drift: quarantine\n', '1:8', 'drift'],
    ] as const
  ).map(([text, place, name]): [string, Record<string, string>, string[]] => [
    `rows to be taken out by what has none: ${name}`,
    contract(text),
    [`${C}:${place} invalid-value "${name}" cannot be quarantine: this looks at the dataset as a whole, so there are no rows to take out. It can warn or block`],
  ]),
  ['a bad severity', contract('columns:\n  id:\n    rules: [{ unique: { severity: error } }]\n'), [`${C}:3:35 invalid-value "columns.id.rules.0.unique.severity" must be block or quarantine or warn, but is "error"`]],
  ['an unknown relation', contract('columns:\n  id:\n    rules:\n      - relationship:\n          to: curated.y\n'), [`${C}:5:15 unknown-dataset Unknown dataset "curated.y" (Did you mean curated.x?)`]],
  ['an unknown type', contract('columns:\n  id: NUMBER\n  n: { type: STRIN }\n'), [
    `${C}:2:7 unknown-type "NUMBER" is no column type: DuckDB has no type number (For example VARCHAR, BIGINT, DOUBLE, DECIMAL(18,2), BOOLEAN, DATE, TIMESTAMP)`,
    `${C}:3:14 unknown-type "STRIN" is no column type: DuckDB has no type strin (Did you mean STRING?)`,
  ]],
  ['a column that the step does not give', contract('key: [idd]\ncolumns:\n  nn:\n'), [
    `${C}:1:7 unknown-column The dataset has no column "idd" (Did you mean id?)`,
    `${C}:3:3 unknown-column The dataset has no column "nn" (Did you mean n?)`,
  ]],
  ['another type than the step gives', contract('columns: { id: BIGINT }\n'), [`${C}:1:16 wrong-column-type "id" is INTEGER, but its contract says BIGINT (Write id::BIGINT AS id in the step, or change the contract)`]],
  ['rows that cannot be', contract('rows: { min: 5, max: 1 }\n'), [`${C}:1:14 invalid-value "rows" allows nothing: min 5 is above max 1`]],
  ['fewer rows than none', contract('rows: { min: -1 }\n'), [`${C}:1:14 invalid-value "rows.min" must be at least 0, but is -1`]],
  ['a check without SQL', contract('checks:\n  - name: x\n'), [`${C}:2:5 missing-key "checks.0.sql" is missing: text`]],
  ['two checks of one name', contract('checks:\n  - name: x\n    sql: FROM curated.x\n  - name: x\n    sql: FROM curated.x WHERE n > 1\n'), [
    `${C}:4:11 duplicate There is already a check called "x" (Give it another name)`,
  ]],
  ['SQL with a mistake, inside a block', contract('checks:\n  - name: x\n    sql: |\n\n      SELECT *\n      FROM curated.y\n  - name: y\n    sql: SELECT nn FROM curated.x\n'), [
    `${C}:6:12 unknown-dataset Unknown dataset "curated.y" (Did you mean curated.x?)`,
    `${C}:8:17 sql-type SQL: Referenced column "nn" not found in FROM clause! (Did you mean n?)`,
  ]],
  ['a wrong shape', contract('columns: [id, n]\nunique: [id]\n'), [
    `${C}:1:10 wrong-type "columns" must be a mapping of keys, but is a list`,
    `${C}:2:10 wrong-type "unique.0" must be a list or a mapping of keys, but is "id"`,
  ]],
])

it('what is right in a list keeps its place beside what is wrong', async () => {
  const text = "columns:\n  id:\n    rules:\n      - nonsense\n      - other: 1\n      - pattern: '[a'\nchecks:\n  - nme: a\n  - name: b\n    sql: SELEC\n"
  expect((await findingsOf(contract(text))).filter((finding) => /invalid-pattern|sql-syntax/.test(finding))).toEqual([
    `${C}:6:18 invalid-pattern "[a" is no regular expression: unterminated character class`,
    `${C}:10:10 sql-syntax SQL: syntax error at or near "SELEC"`,
  ])
})

it('aliases that feed on themselves are survived', async () => {
  const bomb = ['name: x', 'a: &a [1,1,1,1,1,1,1,1,1]', ...[...'bcdefghi'].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(',')}]`)].join('\n')
  expect((await findingsOf({ 'strata.yaml': bomb })).join('\n')).toMatch(/more than 50000 values/)
  expect((await findingsOf({ 'strata.yaml': 'name: x\nlabel: &a [*a]\n' })).length).toBeGreaterThan(0)
})

it('findings are sorted by file and place and told once', async () => {
  const model = await loadFiles({ 'pipelines/b/curated/y.sql': 'SELEC', 'pipelines/a/curated/x.sql': 'FROM raw.a, raw.b, raw.a' })
  expect(model.findings.map(findingText).map((text) => text.split(' ')[0])).toEqual(['pipelines/a/curated/x.sql:1:6', 'pipelines/a/curated/x.sql:1:13', 'pipelines/b/curated/y.sql:1:1'])
})
