import type { SampleFiles } from './prevalence-files.ts'
import type { Disease } from './sample-diseases.ts'
import type { Drug } from './sample-drugs.ts'
import { seededRandom, type SeededRandom } from './seeded-random.ts'

/** Files of the data type `clinical_trials`: exports in the form of ClinicalTrials.gov v2, several studies in one array. */

const COUNTRIES = ['Austria', 'Brazil', 'Canada', 'Denmark', 'France', 'Germany', 'Italy', 'Japan', 'Spain', 'United Kingdom', 'United States']
const STATUSES = ['COMPLETED', 'COMPLETED', 'RECRUITING', 'RECRUITING', 'ACTIVE_NOT_RECRUITING', 'NOT_YET_RECRUITING', 'TERMINATED', 'WITHDRAWN', 'UNKNOWN']
const PHASES = [['PHASE1'], ['PHASE1', 'PHASE2'], ['PHASE2'], ['PHASE2'], ['PHASE3'], ['PHASE4'], ['NA']]
const SPONSORS = ['Ostrelle Laboratories (sample)', 'Norvane Research (sample)', 'Institute Quenol (sample)', 'University Hospital Seven (sample)']

/** Studies whose dates contradict each other: the diseases they are about fail in the entity step. */
const CONTRADICTIONS: ReadonlySet<number> = new Set([90, 172])

interface StudySeed {
  random: SeededRandom
  index: number
  disease: Disease
  drugs: readonly Drug[]
  status: string
}

export function trialFiles(diseases: readonly Disease[], drugs: readonly Drug[]): SampleFiles {
  const random = seededRandom(53)
  // A third of the diseases have no study at all, and a few have many: what the ranking at the end is about.
  const studied = diseases.filter(() => !random.chance(3))
  const busy = random.sample(studied, 12)
  // Nobody ever took part: the entity step skips this one.
  const abandoned = studied.find((disease) => !busy.includes(disease))
  const studies = Array.from({ length: 240 }, (_, index) => {
    const disease = random.chance(2) ? random.pick(busy) : random.pick(studied)
    const status = random.pick(STATUSES)
    return study({ random, index, disease, drugs: drugsFor(random, disease, drugs), status: disease === abandoned ? 'WITHDRAWN' : status })
  })
  const part = (from: number, to?: number): string => `${JSON.stringify(studies.slice(from, to), null, 1)}\n`
  return new Map([
    ['inbox/clinical_trials/ctg-studies.json', part(0, 140)],
    ['inbox/clinical_trials/ctg-studies(2).json', part(140, 141)],
    ['inbox/clinical_trials/ctg-studies(3).json', part(141)],
  ])
}

function drugsFor(random: SeededRandom, disease: Disease, drugs: readonly Drug[]): Drug[] {
  const meant = drugs.filter((drug) => drug.diseases.includes(disease))
  if (meant.length > 0 && !random.chance(4)) return random.sample(meant, random.int(1, 2))
  return random.sample(drugs, random.int(0, 2))
}

function study({ random, index, disease, drugs, status }: StudySeed): unknown {
  const nctId = `NCT9${String(100_001 + index * 37).padStart(7, '0')}`
  const phases = random.pick(PHASES)
  const subject = drugs.length === 0 ? 'Natural History' : drugs.map((drug) => drug.name).join(' Plus ')
  return {
    protocolSection: {
      identificationModule: {
        nctId,
        orgStudyIdInfo: { id: `SAMPLE-${index + 1}` },
        briefTitle: `${subject} in ${disease.name}`,
        officialTitle: `An Invented Study of ${subject} in People With ${disease.name}`,
      },
      statusModule: { statusVerifiedDate: '2026-02', overallStatus: status, ...dates(random, { index, status }) },
      sponsorCollaboratorsModule: { leadSponsor: { name: random.pick(SPONSORS), class: random.pick(['INDUSTRY', 'OTHER']) } },
      descriptionModule: { briefSummary: 'Invented sample data of Strata; no such study exists.' },
      conditionsModule: { conditions: conditions(random, disease) },
      designModule: {
        studyType: drugs.length === 0 ? 'OBSERVATIONAL' : 'INTERVENTIONAL',
        ...(drugs.length === 0 ? {} : { phases }),
        enrollmentInfo: { count: status === 'WITHDRAWN' ? 0 : random.int(6, 420), type: status === 'COMPLETED' ? 'ACTUAL' : 'ESTIMATED' },
      },
      ...(drugs.length === 0 ? {} : { armsInterventionsModule: { interventions: drugs.map((drug) => intervention(random, drug)) } }),
      eligibilityModule: { sex: 'ALL', minimumAge: `${random.pick([0, 2, 6, 12, 18])} Years`, healthyVolunteers: false },
      ...(random.chance(9) ? {} : { contactsLocationsModule: { locations: locations(random) } }),
    },
    hasResults: status === 'COMPLETED' && random.chance(3),
  }
}

/** Some dates are only a month, some are missing: as in the real exports. */
function dates(random: SeededRandom, of: { index: number; status: string }): Record<string, unknown> {
  const startYear = random.int(2011, 2025)
  const start = partialDate(random, startYear)
  const open = of.status === 'NOT_YET_RECRUITING' || random.chance(14)
  const completionYear = CONTRADICTIONS.has(of.index) ? startYear - 2 : startYear + random.int(1, 6)
  return {
    startDateStruct: { date: start, type: of.status === 'NOT_YET_RECRUITING' ? 'ESTIMATED' : 'ACTUAL' },
    ...(open && !CONTRADICTIONS.has(of.index) ? {} : { completionDateStruct: { date: partialDate(random, completionYear), type: 'ESTIMATED' } }),
    lastUpdateSubmitDate: `2026-0${random.int(1, 2)}-${String(random.int(1, 28)).padStart(2, '0')}`,
  }
}

function partialDate(random: SeededRandom, year: number): string {
  const month = `${year}-${String(random.int(1, 12)).padStart(2, '0')}`
  return random.chance(4) ? month : `${month}-${String(random.int(1, 28)).padStart(2, '0')}`
}

/** The name as written, in other letters, a synonym, with a second condition that is no disease of ours, or only such a one. */
function conditions(random: SeededRandom, disease: Disease): string[] {
  if (random.chance(25)) return ['Undiagnosed Disorder']
  const spelled = random.pick([disease.name, disease.name, disease.name.toUpperCase(), disease.synonyms[0] ?? disease.name])
  return random.chance(6) ? [spelled, random.pick(['Fatigue', 'Quality of Life', 'Healthy Volunteers'])] : [spelled]
}

function intervention(random: SeededRandom, drug: Drug): Record<string, unknown> {
  const name = random.pick([drug.name, drug.name, drug.name.toLowerCase(), drug.synonyms.at(-1) ?? drug.name, 'Placebo'])
  return { type: 'DRUG', name, description: 'Invented dose' }
}

function locations(random: SeededRandom): Record<string, unknown>[] {
  return Array.from({ length: random.int(1, 6) }, () => {
    const site = random.int(1, 40)
    return { facility: `Sample Site ${site}`, city: `City ${site}`, country: random.pick(COUNTRIES), status: random.pick(['RECRUITING', 'COMPLETED', 'WITHDRAWN']) }
  })
}
