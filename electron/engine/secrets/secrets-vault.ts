/** Where a secret is kept. */
export type SecretPlace = 'environment' | 'file' | 'keychain'

export interface KeptSecret {
  name: string
  place: SecretPlace
  /** ISO time; null where nobody knows, as in the environment. */
  setAt: string | null
}

export interface SecretsVault {
  /** How what is set here is protected, for people; `isSafe` is false where anybody who can read the disk can read it. */
  protection(): Promise<{ place: SecretPlace; text: string; isSafe: boolean }>
  /** Names only. */
  list(): Promise<KeptSecret[]>
  /** Null: there is none of that name. */
  get(name: string): Promise<string | null>
  set(name: string, value: string): Promise<void>
  /** False: there was none. */
  remove(name: string): Promise<boolean>
}
