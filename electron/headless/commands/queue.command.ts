import type { Command } from 'commander'
import type { Cli } from '../cli-session.ts'
import { runName } from '../run-ref.ts'
import { formatBytes } from '../terminal/figures.ts'

const BYTES_PER_MB = 2 ** 20

/** `strata queue`: what runs and what waits for what, in the Strata that has the workspace open. */
export function addQueueCommand(program: Command, cli: Cli): void {
  program
    .command('queue')
    .description('show which runs go on, and which wait for what')
    .option('--json', 'one JSON document')
    .action(async ({ json }: { json?: boolean }) => {
      const queue = await cli.withClient((client) => client.queue.get(undefined, { signal: cli.signal }))
      if (json === true) return cli.out.json(queue)
      const { limits, running, waiting } = queue
      cli.out.note(`At most ${limits.runs} ${limits.runs === 1 ? 'run' : 'runs'} at a time, with ${formatBytes(limits.memoryMb * BYTES_PER_MB)} and ${limits.threads} threads between them`)
      if (running.length + waiting.length === 0) return cli.out.line('Nothing runs, and nothing waits')
      cli.out.table(
        [{ header: 'place', align: 'right' }, { header: 'run' }, { header: 'priority' }, { header: 'group', align: 'right' }, { header: 'state' }],
        [
          ...running.map(({ run, group }) => ['', { text: runName(run), style: 'bold' as const }, '', group === null ? '' : String(group), 'runs']),
          ...waiting.map(({ run, position, priority, group, text }) => [String(position), { text: runName(run), style: 'bold' as const }, priority, group === null ? '' : String(group), text]),
        ],
      )
    })
}
