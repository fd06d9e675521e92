import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { actorText } from '../../../shared/domain/actor.ts'
import type { AskedQuery } from '../../../shared/contract/sql-pad.contract.ts'
import type { Cli } from '../cli-session.ts'
import { statementText } from '../statement-text.ts'
import { parsePositive } from '../run-ref.ts'
import { formatAge, formatCount, formatDuration } from '../terminal/figures.ts'

/** `strata queries`: SQL that is kept under a name, as .sql files in the workspace's folder queries, and what was run in the window. */
export function addQueriesCommand(program: Command, cli: Cli): void {
  const queries = program.command('queries').description('named queries, which are the .sql files in the folder queries, and the history of what was run')
  queries
    .command('list', { isDefault: true })
    .description('named queries; run one with: strata sql --query NAME')
    .option('--json', 'one JSON document')
    .action(async ({ json }: { json?: boolean }) => {
      const saved = await cli.withClient((client) => client.query.saved({}, { signal: cli.signal }))
      if (json === true) return cli.out.json(saved)
      if (saved.length === 0) return cli.out.line('No named queries yet. Keep one with: strata queries save NAME "SELECT …"')
      const now = Date.now()
      cli.out.table(
        [{ header: 'name' }, { header: 'what it is', maxWidth: 80 }, { header: 'changed' }],
        saved.map(({ name, description, sql, modifiedAt }) => [{ text: name, style: 'bold' as const }, description ?? { text: oneLine(sql), style: 'dim' as const }, formatAge(modifiedAt, now)]),
      )
    })
  queries
    .command('save')
    .description('keep a query under a name')
    .argument('<name>', 'letters, digits, spaces, - and _')
    .argument('[statement]', 'the SQL; without it, or with -, it is read from standard input')
    .option('--replace', 'also where there is one of that name')
    .action(async (name: string, statement: string | undefined, { replace = false }: { replace?: boolean }) => {
      const sql = await statementText(statement)
      const saved = await cli.withClient((client) => client.query.save({ commandId: randomUUID(), name, sql, replace }))
      cli.out.line(`Kept as ${saved.file}`)
    })
  queries
    .command('remove')
    .description('remove a named query')
    .argument('<name>')
    .action(async (name: string) => {
      const { isRemoved } = await cli.withClient((client) => client.query.remove({ commandId: randomUUID(), name }))
      cli.out.line(isRemoved ? `The query "${name}" is removed` : `There is no query "${name}"`)
    })
  queries
    .command('history')
    .description('what was run in the window or with query.start, the last first')
    .argument('[text]', 'only SQL that has it')
    .option('-n, --limit <number>', 'at most', parsePositive, 30)
    .option('--json', 'one JSON document')
    .action(async (text: string | undefined, { limit, json }: { limit: number; json?: boolean }) => {
      const { entries, total } = await cli.withClient((client) => client.query.history({ text: text ?? '', limit }, { signal: cli.signal }))
      if (json === true) return cli.out.json({ total, entries })
      const now = Date.now()
      cli.out.table(
        [{ header: 'when' }, { header: 'rows', align: 'right' }, { header: 'took', align: 'right' }, { header: 'SQL', maxWidth: 100 }, { header: 'by' }],
        entries.map((entry) => [formatAge(entry.at, now), endText(entry), formatDuration(entry.tookMs), oneLine(entry.sql), actorText(entry.actor)]),
      )
      if (total > entries.length) cli.out.note(`${formatCount(total)} in all; more with --limit`)
    })
}

function endText({ state, rowCount, isCut }: AskedQuery): string {
  if (state !== 'succeeded') return state
  return `${formatCount(rowCount ?? 0)}${isCut ? '+' : ''}`
}

function oneLine(sql: string): string {
  return sql.replaceAll(/\s+/g, ' ').trim()
}
