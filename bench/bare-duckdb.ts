import { DuckDBInstance } from '@duckdb/node-api'
import { rmSync } from 'node:fs'
import { z } from 'zod'

/**
 * A process of its own that runs statements in DuckDB and nothing else: what the engine is compared with.
 * Reads `{ memoryMb, threads, tempDir, statements }` as its argument, prints the milliseconds of each statement and the processor time as JSON.
 * Every statement gets an instance of its own, as every step does.
 */
const { memoryMb, threads, tempDir, statements } = z
  .object({ memoryMb: z.int(), threads: z.int(), tempDir: z.string(), statements: z.array(z.string()) })
  .parse(JSON.parse(process.argv[2] ?? ''))

const times: number[] = []
for (const sql of statements) {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`SET memory_limit = '${memoryMb}MiB'; SET threads = ${threads}; SET temp_directory = '${tempDir}'; SET preserve_insertion_order = true; SET TimeZone = 'UTC'`)
  const start = performance.now()
  await (await connection.run(sql)).getRowObjectsJson()
  times.push(performance.now() - start)
  connection.closeSync()
  instance.closeSync()
}
rmSync(tempDir, { recursive: true, force: true })
const { user, system } = process.cpuUsage()
console.log(JSON.stringify({ times, cpuSeconds: (user + system) / 1e6 }))
