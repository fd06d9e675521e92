import { seededRandom, type SeededRandom } from './seeded-random.ts'

/** Invented disorders. Codes start at 900000, far above what Orphanet has given out. */

export interface DiseaseGroup {
  code: string
  name: string
  level: 'Category' | 'Clinical group'
  parent: DiseaseGroup | null
}

export interface Disease {
  code: string
  name: string
  synonyms: string[]
  parent: DiseaseGroup
  type: 'Disease' | 'Malformation syndrome' | 'Clinical subtype'
  /** Cases per 100,000, in thousandths, so that every sum is a whole number. Null: nobody knows. */
  prevalenceMilli: number | null
  onset: string
  inheritance: string
}

const CATEGORIES: readonly { name: string; groups: readonly string[]; nouns: readonly string[] }[] = [
  { name: 'Rare neurological disease', groups: ['movement disorder', 'neuropathy', 'epilepsy syndrome'], nouns: ['ataxia', 'neuropathy', 'dystonia', 'encephalopathy'] },
  { name: 'Rare metabolic disease', groups: ['storage disorder', 'transport disorder', 'enzyme deficiency'], nouns: ['storage disease', 'acidemia', 'aminoaciduria'] },
  { name: 'Rare bone disease', groups: ['skeletal dysplasia', 'fragility disorder', 'limb malformation'], nouns: ['dysplasia', 'dysostosis', 'osteopathy'] },
  { name: 'Rare skin disease', groups: ['blistering disorder', 'pigment disorder', 'keratoderma'], nouns: ['dermatosis', 'keratoderma', 'erythema'] },
  { name: 'Rare eye disease', groups: ['retinal disorder', 'corneal disorder', 'optic neuropathy'], nouns: ['retinopathy', 'corneal dystrophy', 'maculopathy'] },
  { name: 'Rare hematologic disease', groups: ['coagulation disorder', 'anemia', 'immune cytopenia'], nouns: ['anemia', 'thrombopathy', 'cytopenia'] },
]

const ROOTS = `Velor Tarsim Quenol Ombral Brisen Caldor Dravik Elunor Fenwar Gostra Halvex Ilmaro Jorvin Kestra Lumbra Mordel Norvak Ostrel Pellin Quarno
Rasmir Selvo Torrek Ulvan Vandro Wexlar Yorrin Zembla Abrisk Belcor`.split(/\s+/)

const QUALIFIERS = ['Autosomal dominant', 'Autosomal recessive', 'X-linked', 'Infantile-onset', 'Late-onset', 'Sporadic']
const ONSETS = ['Antenatal', 'Neonatal', 'Infancy', 'Childhood', 'Adolescent', 'Adult', 'All ages']
const INHERITANCES = ['Autosomal dominant', 'Autosomal recessive', 'X-linked recessive', 'Multigenic/multifactorial', 'Unknown', 'Not applicable']

/** Upper and lower end of each class, in thousandths of a case per 100,000, with how often it is drawn. */
const PREVALENCE_DRAWS: readonly { from: number; to: number; weight: number }[] = [
  { from: 10, to: 95, weight: 9 },
  { from: 100, to: 950, weight: 7 },
  { from: 1_000, to: 9_500, weight: 5 },
  { from: 10_000, to: 49_000, weight: 2 },
]

export function sampleGroups(): DiseaseGroup[] {
  let code = 900_000
  return CATEGORIES.flatMap(({ name, groups }) => {
    const category: DiseaseGroup = { code: String(++code), name, level: 'Category', parent: null }
    const clinical = groups.map((group): DiseaseGroup => ({ code: String(++code), name: `Rare ${group}`, level: 'Clinical group', parent: category }))
    return [category, ...clinical]
  })
}

/** Five or six diseases a clinical group. */
export function sampleDiseases(groups: readonly DiseaseGroup[]): Disease[] {
  const random = seededRandom(11)
  const names = new Set<string>()
  let code = 900_100
  return groups
    .filter((group) => group.level === 'Clinical group')
    .flatMap((parent) => Array.from({ length: random.int(5, 6) }, () => disease({ random, parent, code: String((code += random.int(1, 7))), names })))
}

interface DiseaseSeed {
  random: SeededRandom
  parent: DiseaseGroup
  code: string
  names: Set<string>
}

function disease({ random, parent, code, names }: DiseaseSeed): Disease {
  const nouns = CATEGORIES.find((category) => category.name === parent.parent?.name)?.nouns ?? ['disease']
  const { name, root, noun } = freshName(random, nouns, names)
  const draws = PREVALENCE_DRAWS.flatMap((draw) => Array.from({ length: draw.weight }, () => draw))
  const draw = random.pick(draws)
  return {
    code,
    name,
    synonyms: synonymsOf(random, { name, root, noun, code }),
    parent,
    type: random.pick(['Disease', 'Disease', 'Disease', 'Malformation syndrome', 'Clinical subtype'] as const),
    prevalenceMilli: random.chance(9) ? null : random.int(draw.from, draw.to),
    onset: random.pick(ONSETS),
    inheritance: random.pick(INHERITANCES),
  }
}

function freshName(random: SeededRandom, nouns: readonly string[], names: Set<string>): { name: string; root: string; noun: string } {
  for (;;) {
    const [root, noun] = [random.pick(ROOTS), random.pick(nouns)]
    const adjective = `${root.replace(/[aeio]$/, '')}ian`
    const base = random.chance(3) ? `${random.pick(QUALIFIERS)} ${adjective} ${noun}` : `${adjective} ${noun}`
    const name = random.chance(4) ? `${base} type ${random.int(1, 4)}` : base
    if (names.has(name)) continue
    names.add(name)
    return { name, root, noun }
  }
}

function synonymsOf(random: SeededRandom, of: { name: string; root: string; noun: string; code: string }): string[] {
  const short = `${of.root.slice(0, 3).toUpperCase()}${of.noun.slice(0, 1).toUpperCase()}${of.code.slice(-3)}`
  const candidates = [short, `${of.root} syndrome ${of.code.slice(-3)}`, `${of.name.replace(/ian /, 'ic ')} (former name)`]
  return random.sample(candidates, random.int(0, 3))
}
