import type { Disease, DiseaseGroup } from './sample-diseases.ts'
import { seededRandom, type SeededRandom } from './seeded-random.ts'

/** Files of the data type `prevalence`: Orphanet-like packets, a classification in XML, case reports in NDJSON. */

export type SampleFiles = Map<string, string>

const COUNTRIES = ['Austria', 'Brazil', 'Canada', 'Denmark', 'Finland', 'France', 'Germany', 'Ireland', 'Italy', 'Japan', 'Norway', 'Portugal', 'Spain', 'Sweden']
const MARK = 'Invented sample data of Strata'

export function prevalenceFiles(groups: readonly DiseaseGroup[], diseases: readonly Disease[]): SampleFiles {
  const random = seededRandom(23)
  const files: SampleFiles = new Map()
  for (const group of groups) files.set(packetPath(group.code), packet(groupPacket(group, groups, diseases)))
  for (const disease of diseases) files.set(packetPath(disease.code), packet(diseasePacket(random, disease)))
  for (const category of groups.filter((group) => group.parent === null)) {
    files.set(`inbox/prevalence/classification/product3_${category.code}.xml`, classificationXml(category, groups, diseases))
  }
  for (const year of [2021, 2022, 2023, 2024]) files.set(`inbox/prevalence/case-reports/case-reports-${year}.ndjson`, caseReports(random, year, diseases))
  return files
}

function packetPath(code: string): string {
  return `inbox/prevalence/packets/ORPHApacket_${code}.json`
}

function packet(content: Record<string, unknown>): string {
  return `${JSON.stringify({ Orphapacket: content }, null, 1)}\n`
}

function packetHead(code: string, label: string, type: string): Record<string, unknown> {
  return {
    ORPHApacketId: code,
    creationDate: '2026-03-02 10:41:42',
    version: '0.0.1 / sample',
    copyright: MARK,
    ORPHAcode: code,
    Label: label,
    PURL: `http://example.org/sample/Orphanet_${code}`,
    DisorderType: { value: type, PURL: 'http://example.org/sample/DisorderType' },
  }
}

function groupPacket(group: DiseaseGroup, groups: readonly DiseaseGroup[], diseases: readonly Disease[]): Record<string, unknown> {
  const children = [...groups, ...diseases].filter((one) => one.parent === group)
  return {
    ...packetHead(group.code, group.name, group.level),
    Parents: group.parent === null ? [] : [{ Parent: [{ ORPHAcode: group.parent.code, Label: group.parent.name }] }],
    Children: children.map((child) => ({ Child: { Label: child.name, ORPHAcode: child.code, Genes: 'no data' } })),
  }
}

function diseasePacket(random: SeededRandom, disease: Disease): Record<string, unknown> {
  const references = externalReferences(random, disease)
  const prevalences = prevalenceEntries(random, disease)
  return {
    ...packetHead(disease.code, disease.name, disease.type),
    ...(disease.synonyms.length === 0 ? {} : { Synonyms: disease.synonyms.map((synonym) => ({ Synonym: synonym })) }),
    ...(references === null ? {} : { ExternalReferences: references }),
    TextSection: { TextSectionType: 'Definition', Contents: `${disease.name} is an invented disorder. ${MARK}; it describes no patient and no disease.` },
    Parents: [{ Parent: [{ ORPHAcode: disease.parent.code, Label: disease.parent.name }] }],
    // One entry arrives as the object of a list, several as a list of objects: so does the real source.
    ...(prevalences.length === 0 ? {} : { Prevalences: twoShapes('Prevalence', prevalences) }),
    AverageAgeOfOnsets: { AverageAgeOfOnset: [{ value: disease.onset }] },
    TypeOfInheritances: { TypeOfInheritance: [{ value: disease.inheritance }] },
  }
}

function twoShapes(name: string, entries: readonly Record<string, string>[]): unknown {
  return entries.length === 1 ? { [name]: entries } : entries.map((entry) => ({ [name]: entry }))
}

function externalReferences(random: SeededRandom, disease: Disease): unknown {
  const tail = disease.code.slice(-4)
  const all = [
    { Source: 'OMIM', Reference: `99${tail}`, DisorderMappingRelation: 'E (Exact mapping: the two concepts are equivalent)' },
    { Source: 'UMLS', Reference: `C999${tail}`, DisorderMappingRelation: 'E (Exact mapping: the two concepts are equivalent)' },
    { Source: 'MONDO', Reference: `999${tail}`, DisorderMappingRelation: 'BTNT (ORPHAcode is broader than the targeted code used to represent it)' },
  ]
  const chosen = random.sample(all, random.int(0, 3))
  if (chosen.length === 0) return null
  if (chosen.length === 1) return chosen
  return random.chance(3) ? { ExternalReference: chosen } : chosen.map((reference) => ({ ExternalReference: reference }))
}

function prevalenceEntries(random: SeededRandom, disease: Disease): Record<string, string>[] {
  if (random.chance(12)) return []
  if (disease.prevalenceMilli === null) return [prevalence(random, 'Point prevalence', { qualification: 'Class only', milli: null })]
  const base = disease.prevalenceMilli
  const point = prevalence(random, 'Point prevalence', { qualification: 'Value and class', milli: base })
  if (random.chance(4)) return [point]
  const more = Array.from({ length: random.int(1, 4) }, () => {
    const type = random.pick(['Point prevalence', 'Prevalence at birth', 'Annual incidence', 'Cases/families'])
    if (type === 'Cases/families') return prevalence(random, type, { qualification: 'Case(s)', milli: null })
    return prevalence(random, type, { qualification: 'Value and class', milli: Math.max(1, Math.round((base * random.int(40, 180)) / 100)) })
  })
  return [point, ...more]
}

function prevalence(random: SeededRandom, type: string, of: { qualification: string; milli: number | null }): Record<string, string> {
  const withoutValue = of.milli === null || random.chance(5)
  return {
    Source: random.chance(3) ? 'ORPHANET' : `99${random.int(100_000, 999_999)}[PMID]`,
    PrevalenceType: type,
    PrevalenceQualification: of.qualification,
    PrevalenceClass: type === 'Cases/families' ? 'no data' : prevalenceClass(of.milli),
    ValMoy: withoutValue ? 'no data' : milliText(of.milli ?? 0),
    PrevalenceGeographic: random.chance(2) ? 'Worldwide' : random.pick(['Europe', ...COUNTRIES]),
  }
}

function milliText(milli: number): string {
  const digits = String(milli % 1_000).padStart(3, '0').replace(/0+$/, '')
  return `${Math.floor(milli / 1_000)}.${digits === '' ? '0' : digits}`
}

function prevalenceClass(milli: number | null): string {
  if (milli === null) return 'Unknown'
  if (milli < 100) return '<1 / 1 000 000'
  if (milli < 1_000) return '1-9 / 1 000 000'
  if (milli < 10_000) return '1-9 / 100 000'
  return milli < 60_000 ? '1-5 / 10 000' : '6-9 / 10 000'
}

function classificationXml(category: DiseaseGroup, groups: readonly DiseaseGroup[], diseases: readonly Disease[]): string {
  const node = (one: DiseaseGroup | Disease, type: string, indent: string): string[] => {
    const children = [...groups, ...diseases].filter((child) => child.parent === one)
    const inner = children.flatMap((child) => node(child, 'level' in child ? child.level : child.type, `${indent}    `))
    return [
      `${indent}<ClassificationNode>`,
      `${indent}  <Disorder id="${Number(one.code) - 880_000}">`,
      `${indent}    <OrphaCode>${one.code}</OrphaCode>`,
      `${indent}    <Name lang="en">${one.name}</Name>`,
      `${indent}    <DisorderType>${type}</DisorderType>`,
      `${indent}  </Disorder>`,
      ...(children.length === 0 ? [] : [`${indent}  <ClassificationNodeChildList count="${children.length}">`, ...inner, `${indent}  </ClassificationNodeChildList>`]),
      `${indent}</ClassificationNode>`,
    ]
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<!-- ${MARK} -->`,
    '<JDBOR date="2026-03-02 10:41:42" version="sample">',
    '  <ClassificationList count="1">',
    `    <Classification id="${Number(category.code) - 899_900}">`,
    `      <OrphaNumber>${category.code}</OrphaNumber>`,
    `      <Name lang="en">Classification of ${category.name.toLowerCase()}s</Name>`,
    '      <ClassificationNodeRootList count="1">',
    ...node(category, category.level, '        '),
    '      </ClassificationNodeRootList>',
    '    </Classification>',
    '  </ClassificationList>',
    '</JDBOR>',
    '',
  ].join('\n')
}

/** 300 reports a year. The year 2022 breaks off in the middle of a line, and 2023 holds two words where numbers belong. */
function caseReports(random: SeededRandom, year: number, diseases: readonly Disease[]): string {
  const lines = Array.from({ length: 300 }, (_, index) => {
    const report = {
      report_id: `CR-${year}-${String(index + 1).padStart(4, '0')}`,
      registry: random.pick(['Registry North (sample)', 'Registry South (sample)', 'Registry East (sample)']),
      orpha_code: random.pick(diseases).code,
      country: random.pick(COUNTRIES),
      reported_on: random.chance(6) ? `${year}-${String(random.int(1, 12)).padStart(2, '0')}` : isoDate(random, year),
      new_cases: random.int(0, 14),
    }
    return JSON.stringify(year === 2023 && (index === 57 || index === 204) ? { ...report, new_cases: 'no data' } : report)
  })
  if (year === 2022) lines[149] = (lines[149] ?? '').slice(0, 71)
  return `${lines.join('\n')}\n`
}

function isoDate(random: SeededRandom, year: number): string {
  return `${year}-${String(random.int(1, 12)).padStart(2, '0')}-${String(random.int(1, 28)).padStart(2, '0')}`
}
