export interface RecordAccount {
  records: number
  loaded: number
  quarantined: number
  skipped: number
}

/** The sum that must hold for every delivery: "1,204 read = 1,200 loaded + 3 quarantined + 1 skipped". */
export function accountText(account: RecordAccount): string {
  return sumText(account, 'read', 'loaded')
}

/** The same of the rows that a step made: "393 rows made = 386 kept + 7 quarantined". */
export function rowsText(account: RecordAccount): string {
  return sumText(account, 'rows made', 'kept')
}

function sumText({ records, loaded, quarantined, skipped }: RecordAccount, seen: string, kept: string): string {
  const count = (value: number): string => value.toLocaleString('en')
  return `${count(records)} ${seen} = ${count(loaded)} ${kept} + ${count(quarantined)} quarantined${skipped === 0 ? '' : ` + ${count(skipped)} skipped`}`
}

export function sumAccounts(accounts: readonly RecordAccount[]): RecordAccount {
  const sum = (of: (account: RecordAccount) => number): number => accounts.reduce((total, account) => total + of(account), 0)
  return { records: sum(({ records }) => records), loaded: sum(({ loaded }) => loaded), quarantined: sum(({ quarantined }) => quarantined), skipped: sum(({ skipped }) => skipped) }
}

/** Records of which nobody knows what became of them; anything but 0 is a fault. */
export function unaccounted({ records, loaded, quarantined, skipped }: RecordAccount): number {
  return records - loaded - quarantined - skipped
}
