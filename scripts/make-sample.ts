import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sampleFiles } from './sample/sample-files.ts'

/** Writes the inbox of the sample workspace anew: `node scripts/make-sample.ts`. Steps and contracts beside it are written by hand. */
const workspace = fileURLToPath(new URL('../resources/sample/rare-disease/', import.meta.url))
rmSync(join(workspace, 'inbox'), { recursive: true, force: true })

const files = sampleFiles()
for (const [path, text] of files) {
  const target = join(workspace, path)
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, text)
}
const sizeBytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
console.log(`${files.size} files, ${Math.round(sizeBytes / 1024)} KiB in ${workspace}inbox`)
