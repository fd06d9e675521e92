import { ProblemError } from '../../../shared/domain/problem.ts'
import { LEAST_SECRET_CHARACTERS } from '../../../shared/domain/secret-name.ts'
import type { Redactor } from './redactor.ts'
import type { SecretsVault } from './secrets-vault.ts'

/** The engine's way to secrets: whatever it hands out, the redactor knows from then on. */
export interface SecretBook {
  readonly vault: SecretsVault
  readonly redactor: Redactor
  /** @throws BAD_INPUT that names every secret which is not set */
  resolve(names: readonly string[]): Promise<Record<string, string>>
}

export function createSecretBook(vault: SecretsVault, redactor: Redactor): SecretBook {
  return {
    vault,
    redactor,
    async resolve(names) {
      const values: Record<string, string> = {}
      const missing: string[] = []
      for (const name of names) {
        const value = await vault.get(name)
        if (value === null) missing.push(name)
        else values[name] = known(redactor, name, value)
      }
      if (missing.length === 0) return values
      const [first = ''] = missing
      throw new ProblemError('BAD_INPUT', missing.length === 1 ? `The secret ${first} is not set` : `The secrets ${missing.join(', ')} are not set`, {
        hint: `Set it in the settings, with "strata secrets set ${first}", or as STRATA_SECRET_${first.toUpperCase()}`,
        details: { secrets: missing, errorClass: 'bad_code' },
      })
    },
  }
}

function known(redactor: Redactor, name: string, value: string): string {
  if (value.length < LEAST_SECRET_CHARACTERS) {
    throw new ProblemError('BAD_INPUT', `The secret ${name} is shorter than ${LEAST_SECRET_CHARACTERS} characters, too short to be kept out of texts`, { details: { secret: name, errorClass: 'bad_code' } })
  }
  redactor.learn(value)
  return value
}
