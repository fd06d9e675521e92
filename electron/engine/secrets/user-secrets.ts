import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { environmentSecrets } from './environment-vault.ts'
import { createFileVault } from './file-vault.ts'
import { layerVaults } from './layered-vault.ts'
import type { SecretsVault } from './secrets-vault.ts'

interface UserSecrets {
  workspaceDir: string
  env: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
  /** Of a host that has one: asked before the file, and what is set goes there. */
  keychain?: SecretsVault
}

/** Everything that the user has given Strata for a workspace: in the environment of the host, in its keychain, in the user's own file. */
export function userSecrets({ workspaceDir, env, platform, keychain }: UserSecrets): SecretsVault {
  const file = createFileVault({ file: join(configDir(env, platform), 'secrets.json'), workspaceDir: resolve(workspaceDir), clock: Date.now, platform })
  return layerVaults(environmentSecrets(env), keychain === undefined ? [file] : [keychain, file])
}

function configDir(env: UserSecrets['env'], platform: NodeJS.Platform): string {
  const { XDG_CONFIG_HOME: config = '', APPDATA: roaming } = env
  if (config !== '') return join(config, 'strata')
  return platform === 'win32' && roaming !== undefined ? join(roaming, 'Strata') : join(homedir(), '.config', 'strata')
}
