import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** Where the program's own files lie. */
export interface AppFiles {
  workersDir: string
  rendererDir: string
  /** The sample workspaces that come with Strata. */
  samplesDir: string
  version: string
}

const packageSchema = z.object({ version: z.string() })

/** Found by walking up to package.json, so that it holds for the bundle in dist/ however it is cut, and for the sources. */
export function findAppFiles(moduleUrl: string): AppFiles {
  let root = dirname(fileURLToPath(moduleUrl))
  while (!existsSync(join(root, 'package.json'))) {
    const parent = dirname(root)
    if (parent === root) throw new Error(`No package.json above ${fileURLToPath(moduleUrl)}: Strata's installation is not complete`)
    root = parent
  }
  const { version } = packageSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  return {
    workersDir: join(root, 'dist', 'workers'),
    rendererDir: join(root, 'dist', 'renderer'),
    samplesDir: join(root, 'resources', 'sample'),
    version,
  }
}
