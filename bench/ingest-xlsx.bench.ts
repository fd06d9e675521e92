import { execFileSync } from 'node:child_process'
import { rmSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeWorkspace, openBenchEngine } from './bench-engine.ts'
import { benchFolder } from './bench-data.ts'
import { watchFamily } from './family-watch.ts'
import { figure, type Measurement, timed } from './measurement.ts'

const MEMORY_MB = 1_024
/** The engine and the worker with nothing to do, and DuckDB beyond its limit. */
const OVERHEAD_MB = 500

/** A workbook of ten columns through the whole engine: unpacked, typed, hashed, checked, published. */
export async function measureIngestXlsx(rowCount: number): Promise<Measurement[]> {
  const folder = benchFolder()
  const path = join(folder, 'rows.xlsx')
  execFileSync(process.execPath, [fileURLToPath(new URL('make-workbook.ts', import.meta.url)), path, String(rowCount)])
  const dir = makeWorkspace({
    'strata.yaml': `name: bench\nlabel: Bench\nlimits: { memory: ${MEMORY_MB}MB, threads: ${availableParallelism()} }\n`,
    'pipelines/books/pipeline.yaml': `sources:\n  rows: { files: ${JSON.stringify(path)} }\n`,
  })
  try {
    await using engine = await openBenchEngine(dir)
    const watch = watchFamily()
    const { result, ms } = await timed(() => engine.run('books'))
    const use = watch.stop()
    if (result.steps[0]?.rowsOut !== rowCount) throw new Error(`${result.steps[0]?.rowsOut} rows instead of ${rowCount}`)
    const title = `Workbook of ${rowCount.toLocaleString('en')} rows x 10 (${Math.round(statSync(path).size / 1e6)} MB)`
    return [
      { name: title, value: ms / 1_000, unit: 's', comparedWith: "exceljs's streaming reader alone: 1,000,000 rows x 10 in 16 to 18 s on the same machine", aim: { atMost: rowCount / 20_000 } },
      ...(use === null ? [] : [{ name: 'Peak memory of that run, all processes together', value: use.peakMb, unit: 'MB' as const, comparedWith: `the limit of ${MEMORY_MB} MB plus ${OVERHEAD_MB} MB`, aim: { atMost: MEMORY_MB * 1.048576 + OVERHEAD_MB }, details: [`processor time ${figure(use.cpuSeconds)} s`] }]),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
