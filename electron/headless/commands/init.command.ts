import { type Command, Option } from 'commander'
import { join, resolve } from 'node:path'
import type { Cli } from '../cli-session.ts'
import { SAMPLE_NAME } from '../workspace-folder.ts'

/** `strata init <dir>`: makes a workspace, empty or a copy of the sample. */
export function addInitCommand(program: Command, { out, files }: Cli): void {
  program
    .command('init')
    .description('make a workspace in a new or empty folder')
    .argument('<dir>', 'folder')
    .addOption(new Option('--sample <name>', 'what it starts with').choices([SAMPLE_NAME, 'empty']).default('empty'))
    .action(async (dir: string, { sample }: { sample: string }) => {
      const { initWorkspace } = await import('../../engine/workspace/init-workspace.ts')
      const folder = resolve(dir)
      await initWorkspace(folder, sample === 'empty' ? { kind: 'empty' } : { kind: 'sample', sampleDir: join(files.samplesDir, sample) })
      out.line(`${folder} is a workspace now`)
      out.note(`Go on with: cd ${dir} && strata ${sample === 'empty' ? 'check' : 'run --all'}`)
    })
}
