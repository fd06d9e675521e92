import type { Command } from 'commander'
import type { Finding } from '../../../shared/contract/workspace.contract.ts'
import type { Cli } from '../cli-session.ts'
import { EXIT } from '../exit-code.ts'
import { plainText } from '../terminal/plain-text.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** `strata check`: reads every file of the workspace and reports every mistake, each with its place. */
export function addCheckCommand(program: Command, cli: Cli): void {
  program
    .command('check')
    .description('read every file of the workspace and report every mistake; exit code 1 when there is an error')
    .option('--json', 'one JSON document')
    .action(async ({ json }: { json?: boolean }) => {
      const summary = await cli.withClient((client) => client.workspace.check(undefined, { signal: cli.signal }))
      const errors = summary.findings.filter(({ severity }) => severity === 'error').length
      if (errors > 0) cli.exitWith(EXIT.failed)
      if (json === true) return cli.out.json(summary)
      for (const finding of summary.findings) cli.out.line(findingLine(finding, cli.out))
      const steps = summary.dataTypes.flatMap((dataType) => dataType.steps)
      const checks = steps.reduce((sum, step) => sum + step.checkCount, 0)
      cli.out.line(`${count(summary.dataTypes.length, 'data type')}, ${count(steps.length, 'step')}, ${count(checks, 'check')}: ${verdict(summary.findings, errors)}`)
    })
}

/** `pipelines/a.yaml:3:5: error unknown-key: ... (did you mean "sources"?)`, the form that editors turn into links. */
export function findingLine({ file, line, column, severity, code, message, suggestion }: Finding, { paint }: Terminal): string {
  const place = [file, line, column].filter((part) => part !== null).join(':')
  const hint = suggestion === null ? '' : ` ${paint(`(${plainText(suggestion)})`, 'dim')}`
  return `${paint(place, 'bold')}: ${paint(severity, severity === 'error' ? 'red' : 'yellow')} ${paint(code, 'dim')}: ${plainText(message)}${hint}`
}

function verdict(findings: readonly Finding[], errors: number): string {
  if (findings.length === 0) return 'no mistakes'
  return [errors > 0 ? count(errors, 'error') : '', findings.length > errors ? count(findings.length - errors, 'warning') : ''].filter(Boolean).join(', ')
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
