import type { Command } from 'commander'
import type { Cli } from '../cli-session.ts'
import { EXIT } from '../exit-code.ts'
import type { Style } from '../terminal/paint.ts'
import { plainText } from '../terminal/plain-text.ts'

const MARKS: Readonly<Record<'ok' | 'warning' | 'failed', [string, Style]>> = {
  ok: ['✓', 'green'],
  warning: ['!', 'yellow'],
  failed: ['✗', 'red'],
}

/** `strata doctor`: looks at everything a workspace stands on, and goes on after what is broken. */
export function addDoctorCommand(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .description('look at Node, the native parts, the disk, the lock, the ledger and the files; exit code 1 when something is broken')
    .option('--json', 'one JSON document')
    .action(async ({ json }: { json?: boolean }) => {
      const { examine } = await import('../doctor/examine.ts')
      const findings = await examine(cli)
      if (findings.some(({ state }) => state === 'failed')) cli.exitWith(EXIT.failed)
      if (json === true) return cli.out.json(findings)
      for (const { name, state, text, hint } of findings) {
        const [mark, style] = MARKS[state]
        cli.out.line(`${cli.out.paint(mark, style)} ${cli.out.paint(name.padEnd(12), 'bold')} ${plainText(text)}`)
        if (hint !== null) cli.out.line(`  ${' '.repeat(12)} ${cli.out.paint(`try: ${plainText(hint)}`, 'dim')}`)
      }
    })
}
