import type { Command } from 'commander'
import type { Cli } from '../cli-session.ts'
import { parsePort } from '../serve/parse-port.ts'

/** `strata serve [dir]`: the window, for a browser on this machine. */
export function addServeCommand(program: Command, cli: Cli): void {
  program
    .command('serve')
    .description('serve the window to a browser on this machine, until Ctrl+C')
    .argument('[dir]', 'workspace folder; without it, the one around the current folder')
    .option('--port <number>', 'port on 127.0.0.1; 0 takes any free one', parsePort, 0)
    .option('--no-open', 'do not open a browser')
    .action(async (dir: string | undefined, { port, open }: { port: number; open: boolean }) => {
      const { serveUntilSignal } = await import('../serve/serve-until-signal.ts')
      await serveUntilSignal({ workspace: dir ?? cli.workspaceDir(), port, open, signal: cli.signal })
    })
}
