import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { clearAbandoned } from './bench-data.ts'
import { measureCancel } from './cancel.bench.ts'
import { measureCliStart } from './cli-start.bench.ts'
import { measureContract } from './contract.bench.ts'
import { measureDiff } from './diff.bench.ts'
import { measureEntities } from './entities.bench.ts'
import { measureGridPages } from './grid-page.bench.ts'
import { measureIngestXlsx } from './ingest-xlsx.bench.ts'
import { measureIngest } from './ingest.bench.ts'
import { measureLineage } from './lineage.bench.ts'
import { measureLiveRun } from './live-run.bench.ts'
import { measureLook } from './look.bench.ts'
import { type Measurement, measurementText, passes } from './measurement.ts'
import { measurePipeline } from './pipeline.bench.ts'
import { measureRunOverhead } from './run-overhead.bench.ts'
import { measureHistory } from './runs-history.bench.ts'
import { measureWindow } from './window.bench.ts'

/** npm run bench [-- name...] [--rows N] [--entities N]. Exit code 1 when an aim is missed. */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rows: { type: 'string', default: '10000000' }, entities: { type: 'string', default: '50000' }, 'skip-build': { type: 'boolean', default: false } },
})
const rowCount = Number(values.rows)
const benches: Record<string, () => Promise<Measurement[]>> = {
  cli: measureCliStart,
  window: measureWindow,
  entities: () => measureEntities(Number(values.entities)),
  pipeline: () => measurePipeline(rowCount),
  grid: () => measureGridPages(rowCount),
  lineage: measureLineage,
  look: () => measureLook(rowCount, 1_000_000),
  xlsx: () => measureIngestXlsx(Math.min(rowCount, 500_000)),
  ingest: () => measureIngest(rowCount),
  runs: async () => [...(await measureRunOverhead(Number(values.entities))), ...(await measureCancel()), ...(await measureLiveRun(Number(values.entities))), ...(await measureHistory(100_000)), ...(await measureDiff(1_000_000, 600)), ...(rowCount >= 10_000_000 ? await measureDiff(10_000_000, 4_000) : []), ...(await measureContract(rowCount))],
}
const unknown = positionals.filter((name) => !(name in benches))
if (unknown.length > 0 || !Number.isInteger(rowCount)) {
  console.error(`There is no measurement ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}

if (!values['skip-build']) execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build.mjs', import.meta.url))], { stdio: 'inherit' })
clearAbandoned()

console.log(`${machine()}\n`)
const measured: Measurement[] = []
for (const [name, bench] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  for (const measurement of await bench()) {
    console.log(`${measurementText(measurement)}\n`)
    measured.push(measurement)
  }
}
const short = measured.filter((measurement) => passes(measurement) === false)
console.log(short.length === 0 ? `All ${measured.length} pass` : `${short.length} of ${measured.length} fall short: ${short.map((one) => one.name).join('; ')}`)
process.exitCode = short.length === 0 ? 0 : 1

function machine(): string {
  const system = existsSync('/etc/os-release') ? (/^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform) : process.platform
  return `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${system}, Node ${process.versions.node}; load ${(loadavg()[0] ?? 0).toFixed(1)} before`
}
