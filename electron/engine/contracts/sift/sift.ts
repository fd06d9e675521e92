import path from 'node:path'
import { parquetScan } from '../../query/version-relation.ts'
import { openDuck } from '../../query/duckdb.ts'
import { setVariables } from '../../query/set-variables.ts'
import { numberedRelation } from '../../query/version-relation.ts'
import { defineViews } from '../../query/view-set.ts'
import type { FileSums, SiftInput, SiftOutput } from '../../workers/sift.wire.ts'
import type { VersionSource, WrittenVersion } from '../../workers/version.wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { findBroken } from './broken-rows.ts'
import { addCases, openCases } from './sift-cases.ts'
import { applyDecisions, readDecisions } from './sift-decisions.ts'
import { rewriteParts, writeOriginals } from './sift-parts.ts'
import { collectRejects, writeRejects } from './sift-rejects.ts'
import { PLACE, type Sift } from './sift-tables.ts'

/**
 * Takes the rows out of a version that break a rule which quarantines, and replays over it what was decided about such records before.
 * The outcome depends on what was made, the rules and the decisions alone, not on the order in which they came.
 */
export async function sift(input: SiftInput, { init, signal, progress }: OpContext<never>): Promise<SiftOutput> {
  using duck = await openDuck(init)
  const source = sourceOf(input)
  await defineViews(duck, [...input.reads, { ...source, parts: [], rejectsPath: null }], input.dataset.dataType)
  await setVariables(duck, input.variables)
  await duck.run(`CREATE TEMP VIEW sift_made AS ${numberedRelation(source)}`)
  const { waived, areAboutRecords } = await readDecisions(duck, input.decisionsFile)
  // A rule that nobody is held to is looked at all the same where records may have decisions of their own, which go before.
  const rules = areAboutRecords ? input.rules : input.rules.filter(({ rule }) => !waived.has(rule))
  const work: Sift = { duck, input, source, rules, waived, signal, columns: input.written.columns.filter(({ isProvenance }) => source.layout === 'plain' || !isProvenance) }
  await duck.run(`CREATE TEMP VIEW sift_now AS SELECT * FROM sift_made ANTI JOIN sift_out USING (${PLACE}) UNION ALL BY NAME SELECT * FROM sift_fixed`)
  progress({ share: null, note: 'Sifting' })
  await decideAll(work)
  await collectRejects(work)
  const written = (await rewriteParts(work)) ?? input.written
  const rejectsName = await writeRejects(work)
  const originals = await writeOriginals(work)
  const sums = await duck.rows(`SELECT outcome, count(*)::DOUBLE AS n FROM sift_rejects GROUP BY outcome`)
  const of = (outcome: string): number => Number(sums.find((row) => row['outcome'] === outcome)?.['n'] ?? 0)
  return { written, rejectsName, originals, files: await fileSums(work, written), quarantined: of('quarantined'), skipped: of('skipped') }
}

/** A correction may break a rule for another row, which may have been decided about in turn, so this goes on until nothing changes. */
async function decideAll(work: Sift): Promise<void> {
  await openCases(work)
  let hasChanged = await applyDecisions(work)
  for (;;) {
    const relation = hasChanged ? 'sift_now' : 'sift_made'
    await findBroken(work, relation)
    if ((await addCases(work, relation)) === 0) return
    const changes = await applyDecisions(work)
    if (!changes) return
    hasChanged = true
  }
}

function sourceOf({ dataset, dir, written, rejectsName }: SiftInput): VersionSource {
  return {
    dataset,
    layout: written.layout,
    columns: written.columns,
    parts: written.parts.map(({ name, rowCount, file }) => ({ path: path.join(dir, name), rowCount, file })),
    rowCount: written.rowCount,
    rejectsPath: rejectsName === null ? null : path.join(dir, rejectsName),
  }
}

/** read = loaded + quarantined + skipped, for every delivered file. */
async function fileSums({ duck, input }: Sift, { layout, parts }: WrittenVersion): Promise<FileSums[]> {
  if (input.files.length === 0) return []
  const out = await duck.rows(`SELECT file, outcome, count(*)::DOUBLE AS n FROM sift_rejects GROUP BY file, outcome`)
  const sum = (file: string, outcome: string): number => Number(out.find((row) => row['file'] === file && row['outcome'] === outcome)?.['n'] ?? 0)
  const stored = layout === 'stored' ? await duck.rows(`SELECT _file AS file, count(*)::DOUBLE AS n FROM ${parquetScan(parts.map(({ name }) => path.join(input.dir, name)))} GROUP BY _file`) : []
  const loaded = (file: string): number => (layout === 'stored' ? Number(stored.find((row) => row['file'] === file)?.['n'] ?? 0) : (parts.find((part) => part.file === file)?.rowCount ?? 0))
  return input.files.map((fileName) => ({ fileName, loaded: loaded(fileName), quarantined: sum(fileName, 'quarantined'), skipped: sum(fileName, 'skipped') }))
}
