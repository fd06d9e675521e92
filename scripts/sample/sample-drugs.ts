import type { Disease } from './sample-diseases.ts'
import { seededRandom, type SeededRandom } from './seeded-random.ts'

/** Invented drugs. The endings are none that real substances carry; numbers lie above what has been given out. */

export interface Drug {
  id: string
  name: string
  synonyms: string[]
  cas: string | null
  unii: string | null
  /** What the drug is meant for. */
  diseases: Disease[]
}

const HEADS = `Aba Bro Cel Dru Ela Fro Gla Hix Ivo Jan Kel Lor Mav Nex Oru Plo Qui Ros Stu Tav Ume Vro Wib Xan Yel Zor`.split(' ')
const MIDDLES = ['la', 'mi', 'no', 'ra', 'si', 'te', 'vu', 'xo', 'dri', 'fle']
const ENDINGS = ['ovex', 'undrel', 'astrim', 'ipraxol', 'umbrene', 'olquin']
const GREEK = ['α', 'β', 'γ']
const UNII_LETTERS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'

export function sampleDrugs(diseases: readonly Disease[], count: number): Drug[] {
  const random = seededRandom(37)
  const names = new Set<string>()
  return Array.from({ length: count }, (_, index) => {
    const name = freshName(random, names)
    return {
      id: `DB${90_001 + index}`,
      name,
      synonyms: synonymsOf(random, name, index),
      cas: random.chance(4) ? null : casNumber(random),
      unii: random.chance(5) ? null : `ZZ${Array.from({ length: 8 }, () => random.pick([...UNII_LETTERS])).join('')}`,
      diseases: random.chance(2) ? random.sample(diseases, random.int(1, 3)) : [],
    }
  })
}

function freshName(random: SeededRandom, names: Set<string>): string {
  for (;;) {
    const name = `${random.pick(HEADS)}${random.pick(MIDDLES)}${random.pick(ENDINGS)}`
    if (names.has(name)) continue
    names.add(name)
    return name
  }
}

/** Commas, quotes and Greek letters stand in synonyms as they do in the real vocabulary. */
function synonymsOf(random: SeededRandom, name: string, index: number): string[] {
  const candidates = [
    name,
    `${name}um`,
    `${name.slice(0, -2)}ic acid, sodium salt`,
    `${random.pick(GREEK)}-${name.toLowerCase()}`,
    `SMP-${1_000 + index * 7}`,
    `N-(2,4-"${name.slice(0, 3).toLowerCase()}")-${name.toLowerCase()}`,
  ]
  return random.sample(candidates, random.int(0, 5))
}

/** CAS form with its check digit; numbers of this height have not been given out. */
function casNumber(random: SeededRandom): string {
  const digits = `99${random.int(10_000, 99_999)}${random.int(10, 99)}`
  const sum = [...digits].reverse().reduce((total, digit, index) => total + Number(digit) * (index + 1), 0)
  return `${digits.slice(0, -2)}-${digits.slice(-2)}-${sum % 10}`
}
