import { Command, CommanderError } from 'commander'
import { createCancelSignal } from '../cancel-signal.ts'
import { readProblem } from '../read-problem.ts'
import { problemText } from '../terminal/problem-text.ts'
import { parsePort } from './parse-port.ts'
import { serveUntilSignal } from './serve-until-signal.ts'

/** The browser host as a program of its own. Ends the process with 0 after a signal, 1 when it cannot serve, 2 for wrong arguments. */
export async function runServer(args: string[]): Promise<void> {
  const signal = createCancelSignal(1)
  const program = new Command('strata-server')
    .description('Serves the Strata window to a browser on this machine')
    .argument('[workspace]', 'workspace folder; without it, the sample workspace in your Strata folder')
    .option('--port <number>', 'port on 127.0.0.1; 0 takes any free one', parsePort, 0)
    .option('--no-open', 'do not open a browser')
    .exitOverride()
    .action((workspace: string | undefined, options: { port: number; open: boolean }) => serveUntilSignal({ workspace, ...options, signal }))
  try {
    await program.parseAsync(args, { from: 'user' })
    process.exit(0)
  } catch (error) {
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2)
    process.stderr.write(problemText(readProblem(error)))
    process.exit(1)
  }
}
