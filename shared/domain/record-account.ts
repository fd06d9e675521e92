export interface RecordAccount {
  records: number
  loaded: number
  quarantined: number
  skipped: number
}

/** The sum that must hold for every delivery: "1,204 read = 1,200 loaded + 3 quarantined + 1 skipped". */
export function accountText({ records, loaded, quarantined, skipped }: RecordAccount): string {
  const count = (value: number): string => value.toLocaleString('en')
  return `${count(records)} read = ${count(loaded)} loaded + ${count(quarantined)} quarantined${skipped === 0 ? '' : ` + ${count(skipped)} skipped`}`
}
