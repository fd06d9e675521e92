import { randomUUID } from 'node:crypto'
import { type Command, InvalidArgumentError } from 'commander'
import { LEAST_SECRET_CHARACTERS, secretNameSchema } from '../../../shared/domain/secret-name.ts'
import type { SecretList } from '../../../shared/contract/secrets.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Cli } from '../cli-session.ts'
import { readSecret } from '../read-secret.ts'
import { formatAge } from '../terminal/figures.ts'

const PLACE_WORDS = { environment: 'environment', file: 'file', keychain: 'keychain' } as const

/** `strata secrets`: which there are and who uses them; set, replace and remove them. Values are never shown. */
export function addSecretsCommand(program: Command, cli: Cli): void {
  const secrets = program.command('secrets').description('passwords and tokens that sources name as secret:name: list, set and remove them')
  secrets
    .command('list', { isDefault: true })
    .description('names, where each is kept, when it was set, which sources use it; never a value')
    .option('--json', 'one JSON document')
    .action(async ({ json }: { json?: boolean }) => show(cli, await cli.withClient((client) => client.secrets.list()), json === true))
  secrets
    .command('set')
    .description('set or replace a secret of this workspace; its value is asked for, or read from standard input')
    .argument('<name>', 'as sources name it, without "secret:"', parseName)
    .option('--json', 'one JSON document')
    .action(async (name: string, { json }: { json?: boolean }) => {
      const value = await readSecret(`Value of ${name}: `, { stdin: process.stdin, prompt: process.stderr, signal: cli.signal })
      if (value.length < LEAST_SECRET_CHARACTERS) throw new ProblemError('BAD_INPUT', value === '' ? 'No value was given' : `The value is shorter than ${LEAST_SECRET_CHARACTERS} characters`, { hint: `For example: strata secrets set ${name} < token.txt` })
      const answer = await cli.withClient((client) => client.secrets.set({ commandId: randomUUID(), name, value }))
      if (json === true) return cli.out.json(answer)
      cli.out.line(`${name} is set, kept ${answer.protection.text}`)
    })
  secrets
    .command('remove')
    .description('remove a secret of this workspace')
    .argument('<name>', 'which', parseName)
    .option('--json', 'one JSON document')
    .action(async (name: string, { json }: { json?: boolean }) => {
      const answer = await cli.withClient((client) => client.secrets.remove({ commandId: randomUUID(), name }))
      if (json === true) return cli.out.json(answer)
      const users = answer.secrets.find((secret) => secret.name === name)?.usedBy ?? []
      cli.out.line(`${name} is removed${users.length === 0 ? '' : `; ${users.join(', ')} cannot be run without it`}`)
    })
}

function show(cli: Cli, { secrets, protection }: SecretList, json: boolean): void {
  if (json) return cli.out.json({ secrets, protection })
  if (secrets.length === 0) return cli.out.line('No secrets. Sources name them as secret:name; set one with: strata secrets set <name>')
  const now = Date.now()
  cli.out.table(
    [{ header: 'secret' }, { header: 'kept in' }, { header: 'set' }, { header: 'used by', maxWidth: 80 }],
    secrets.map(({ name, place, setAt, usedBy }) => [
      { text: name, style: 'bold' as const },
      place === null ? { text: 'not set', style: 'yellow' as const } : PLACE_WORDS[place],
      setAt === null ? '' : formatAge(setAt, now),
      usedBy.join(', '),
    ]),
  )
  cli.out.note(`What is set here is kept ${protection.text}`)
}

function parseName(text: string): string {
  const parsed = secretNameSchema.safeParse(text.replace(/^secret:/, ''))
  if (parsed.success) return parsed.data
  throw new InvalidArgumentError('Names are lower-case letters, digits and _, beginning with a letter.')
}
