import { Command, CommanderError } from 'commander'
import { findAppFiles } from './app-root.ts'
import { createCancelSignal } from './cancel-signal.ts'
import { createCli } from './cli-session.ts'
import { addApproveCommand, addRejectCommand } from './commands/approve.command.ts'
import { addAuditCommand } from './commands/audit.command.ts'
import { addCancelCommand } from './commands/cancel.command.ts'
import { addChartCommand } from './commands/chart.command.ts'
import { addCheckCommand } from './commands/check.command.ts'
import { addChecksCommand } from './commands/checks.command.ts'
import { addCompareCommand } from './commands/compare.command.ts'
import { addContractsCommand } from './commands/contracts.command.ts'
import { addCursorsCommand } from './commands/cursors.command.ts'
import { addDatasetsCommand } from './commands/datasets.command.ts'
import { addDeliveriesCommand } from './commands/deliveries.command.ts'
import { addDiffCommand } from './commands/diff.command.ts'
import { addDoctorCommand } from './commands/doctor.command.ts'
import { addEntitiesCommand } from './commands/entities.command.ts'
import { addEntityCommand } from './commands/entity.command.ts'
import { addErrorsCommand } from './commands/errors.command.ts'
import { addExportCommand } from './commands/export.command.ts'
import { addTraceCommand } from './commands/trace.command.ts'
import { addImpactCommand } from './commands/impact.command.ts'
import { addIngestCommand } from './commands/ingest.command.ts'
import { addInitCommand } from './commands/init.command.ts'
import { addLineageCommand } from './commands/lineage.command.ts'
import { addLogsCommand } from './commands/logs.command.ts'
import { addOpenLineageCommand } from './commands/openlineage.command.ts'
import { addPivotCommand } from './commands/pivot.command.ts'
import { addProfileCommand } from './commands/profile.command.ts'
import { addPublishCommands } from './commands/publish.command.ts'
import { addMarkCommand } from './commands/mark.command.ts'
import { addOverrideCommand } from './commands/override.command.ts'
import { addPlanCommand } from './commands/plan.command.ts'
import { addQuarantineCommand } from './commands/quarantine.command.ts'
import { addViewsCommand } from './commands/views.command.ts'
import { addQueriesCommand } from './commands/queries.command.ts'
import { addQueueCommand } from './commands/queue.command.ts'
import { addResumeCommand } from './commands/resume.command.ts'
import { addRevealCommands } from './commands/reveal.command.ts'
import { addRunCommand } from './commands/run.command.ts'
import { addRunsCommand } from './commands/runs.command.ts'
import { addScheduleCommand } from './commands/schedule.command.ts'
import { addSecretsCommand } from './commands/secrets.command.ts'
import { addServeCommand } from './commands/serve.command.ts'
import { addShowCommand } from './commands/show.command.ts'
import { addSqlCommand } from './commands/sql.command.ts'
import { addStorageCommands } from './commands/storage.command.ts'
import { addTestCommand } from './commands/test.command.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { readProblem } from './read-problem.ts'
import { addRevealOptions, commandReveal } from './reveal-for-command.ts'
import { problemText } from './terminal/problem-text.ts'
import { createTerminal } from './terminal/terminal.ts'
import type { Problem } from '../../shared/domain/problem.ts'

const EXIT_CODES = `
Exit codes:
  0  done
  1  failed: a run, a step, a check of the workspace, or Strata itself
  2  wrong arguments
  3  cancelled, with Ctrl+C
  4  checks of a contract blocked the run
  5  the run waits at a gate for somebody to approve or reject

strata --version prints the version. Ctrl+C cancels what runs; a second one ends the program at once.`

/** Runs one command and ends the process with its exit code. */
export async function runCli(process: NodeJS.Process): Promise<void> {
  const { argv, env, stdout, stderr } = process
  const out = createTerminal({ stdout, stderr, env })
  const program = new Command('strata')
  const files = findAppFiles(import.meta.url)
  const namedWorkspace = (): string | undefined => program.opts<{ workspace?: string }>().workspace
  const cli = createCli({ out, files, signal: createCancelSignal(EXIT.cancelled), env, cwd: process.cwd(), namedWorkspace, reveal: () => commandReveal(program) })
  addRevealOptions(program)
    .description('Strata: data pipelines on your own machine, every run on record')
    .option('-w, --workspace <dir>', 'workspace folder; without it, the one around the current folder')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
  const commands = [
    addInitCommand, addCheckCommand, addTestCommand, addPlanCommand, addRunCommand, addResumeCommand, addRunsCommand, addShowCommand, addDatasetsCommand, addDiffCommand, addCompareCommand, addErrorsCommand, addLogsCommand,
    addProfileCommand, addPivotCommand, addChartCommand, addSqlCommand, addQueriesCommand, addViewsCommand, addEntityCommand, addEntitiesCommand, addLineageCommand, addOpenLineageCommand, addTraceCommand, addImpactCommand, addExportCommand, addServeCommand, addDoctorCommand,
    addApproveCommand, addRejectCommand, addOverrideCommand, addMarkCommand, addQuarantineCommand, addAuditCommand, addRevealCommands,
    addPublishCommands, addStorageCommands,
    addContractsCommand, addChecksCommand,
    addQueueCommand, addCancelCommand, addScheduleCommand,
    addIngestCommand, addDeliveriesCommand,
    addSecretsCommand, addCursorsCommand,
  ]
  for (const add of commands) add(program, cli)
  // The reader of a pipe may leave early, as `head` does; that is no failure.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failed))
  // Not through commander: its --version would also take that of `export --version 3`.
  if (['--version', '-V'].includes(argv[2] ?? '')) return out.line(files.version)
  let exitCode: ExitCode
  try {
    await program.parseAsync(argv)
    exitCode = cli.exitCode
  } catch (error) {
    if (error instanceof CommanderError) exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage
    else {
      const problem = readProblem(error)
      stderr.write(argv.includes('--json') ? `${JSON.stringify({ problem })}\n` : problemText(problem))
      exitCode = exitCodeOf(problem)
    }
  }
  stdout.write('', () => process.exit(exitCode))
}

export function exitCodeOf({ code }: Problem): ExitCode {
  if (code === 'CANCELLED') return EXIT.cancelled
  if (code === 'CHECK_BLOCKED') return EXIT.blocked
  return code === 'BAD_INPUT' ? EXIT.usage : EXIT.failed
}
