import type { SampleFiles } from './prevalence-files.ts'
import type { Drug } from './sample-drugs.ts'
import { seededRandom, type SeededRandom } from './seeded-random.ts'

/** Files of the data type `drugs`: a vocabulary in CSV, three `~`-delimited lists, orphan designations in CSV. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const FORMS = ['TABLET;ORAL', 'CAPSULE;ORAL', 'SOLUTION;INTRAVENOUS', 'POWDER;INTRAVENOUS', 'CREAM;TOPICAL', 'SOLUTION/DROPS;OPHTHALMIC']
const APPLICANTS = ['OSTRELLE', 'NORVANE', 'BRISAL', 'CALDERIX', 'QUENTOR', 'LUMBRACO']

interface Product {
  drug: Drug
  trade: string
  applicationType: 'N' | 'A'
  applicationNumber: string
  productNumber: string
  cells: string[]
}

export function drugFiles(drugs: readonly Drug[]): SampleFiles {
  const random = seededRandom(41)
  const products = drugs.flatMap((drug, index) => (random.chance(4) ? [] : productsOf(random, drug, index)))
  return new Map([
    ['inbox/drugs/vocabulary/drug_vocabulary.csv', vocabulary(random, drugs)],
    ['inbox/drugs/orange-book/products.txt', delimited(PRODUCT_HEAD, products.map((product) => product.cells))],
    ['inbox/drugs/orange-book/patent.txt', delimited(PATENT_HEAD, patents(random, products))],
    ['inbox/drugs/orange-book/exclusivity.txt', delimited(EXCLUSIVITY_HEAD, exclusivities(random, products))],
    ['inbox/drugs/designations/orphan_designations.csv', designations(random, drugs)],
  ])
}

const PRODUCT_HEAD = ['Ingredient', 'DF;Route', 'Trade_Name', 'Applicant', 'Strength', 'Appl_Type', 'Appl_No', 'Product_No', 'TE_Code', 'Approval_Date', 'RLD', 'RS', 'Type', 'Applicant_Full_Name']
const PATENT_HEAD = ['Appl_Type', 'Appl_No', 'Product_No', 'Patent_No', 'Patent_Expire_Date_Text', 'Drug_Substance_Flag', 'Drug_Product_Flag', 'Patent_Use_Code', 'Delist_Flag', 'Submission_Date']
const EXCLUSIVITY_HEAD = ['Appl_Type', 'Appl_No', 'Product_No', 'Exclusivity_Code', 'Exclusivity_Date']

/** No newline at the end, as in the real files. */
function delimited(head: readonly string[], rows: readonly string[][]): string {
  return [head, ...rows].map((cells) => cells.join('~')).join('\n')
}

function productsOf(random: SeededRandom, drug: Drug, index: number): Product[] {
  const applicationNumber = String(1_003 + index * 43).padStart(6, '0')
  const applicationType = random.chance(4) ? 'A' : 'N'
  const applicant = random.pick(APPLICANTS)
  const trade = `${drug.name.slice(0, 4).toUpperCase()}${random.pick(['ZA', 'QO', 'VEX', 'LIM'])}`
  const form = random.pick(FORMS)
  const approved = textDate(random, random.int(1988, 2025))
  return Array.from({ length: random.int(1, 4) }, (_, number) => {
    const productNumber = String(number + 1).padStart(3, '0')
    const strength = `${5 * 2 ** number}MG`
    const approval = random.chance(15) ? 'Approved Prior to Jan 1, 1982' : approved
    const status = random.chance(6) ? 'DISCN' : 'RX'
    const full = `${applicant} LABORATORIES (SAMPLE)`
    const cells = [drug.name.toUpperCase(), form, trade, applicant, strength, applicationType, applicationNumber, productNumber, '', approval, 'Yes', 'No', status, full]
    return { drug, trade, applicationType, applicationNumber, productNumber, cells }
  })
}

function patents(random: SeededRandom, products: readonly Product[]): string[][] {
  let number = 99_000_000
  return products
    .filter((product) => product.applicationType === 'N' && !random.chance(3))
    .flatMap((product) =>
      Array.from({ length: random.int(1, 6) }, () => {
        number += random.int(3, 900)
        const patent = random.chance(20) ? `${number}*PED` : String(number)
        const submitted = random.chance(3) ? '' : textDate(random, random.int(2012, 2024))
        const use = random.chance(2) ? '' : `U-${random.int(9_000, 9_400)}`
        const flags = [random.chance(2) ? 'Y' : '', random.chance(2) ? 'Y' : '', use, random.chance(40) ? 'Y' : '']
        return [...applicationOf(product), patent, textDate(random, random.int(2024, 2043)), ...flags, submitted]
      }),
    )
}

function exclusivities(random: SeededRandom, products: readonly Product[]): string[][] {
  return products
    .filter((product) => random.chance(product.drug.diseases.length > 0 ? 2 : 6))
    .flatMap((product) => {
      const orphan = product.drug.diseases.map((_, index) => `ODE-${Number(product.drug.id.slice(2)) * 3 + index - 260_000}`)
      const codes = orphan.length > 0 ? orphan : [random.pick(['NCE', 'NP', 'NPP', `M-${random.int(900, 960)}`])]
      return codes.map((code) => [...applicationOf(product), code, textDate(random, random.int(2025, 2032))])
    })
}

function applicationOf(product: Product): string[] {
  return [product.applicationType, product.applicationNumber, product.productNumber]
}

/** "Jul 13, 2026": the day has no leading zero. */
function textDate(random: SeededRandom, year: number): string {
  return `${random.pick(MONTHS)} ${random.int(1, 28)}, ${year}`
}

/** One row near the end was torn off in the middle of a quoted list and glued to the next: too many cells. */
function vocabulary(random: SeededRandom, drugs: readonly Drug[]): string {
  const rows = drugs.map((drug) => {
    const accession = random.chance(2) ? `SMPD${drug.id.slice(2)}` : ''
    return [drug.id, accession, drug.name, drug.cas ?? '', drug.unii ?? '', drug.synonyms.join(' | '), ''].map(csvCell).join(',')
  })
  rows.splice(200, 0, 'DB99998,SMPD99998,Tornovex,,,Tornovexum,,DB99999,Tornundrel')
  return ['DrugBank ID,Accession Numbers,Common name,CAS,UNII,Synonyms,Standard InChI Key', ...rows, ''].join('\n')
}

function csvCell(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Two rows are wrong on purpose: a word where the year belongs, and one cell too many. */
function designations(random: SeededRandom, drugs: readonly Drug[]): string {
  const rows = drugs.flatMap((drug) =>
    drug.diseases.map((disease, index) => {
      const code = `ODE-${Number(drug.id.slice(2)) * 3 + index - 260_000}`
      return [drug.id, disease.code, code, random.int(2001, 2025), random.pick(['Designated', 'Designated/Approved', 'Designated/Withdrawn'])].join(',')
    }),
  )
  rows.splice(31, 0, 'DB90011,900104,ODE-10033,no data,Designated')
  rows.splice(77, 0, 'DB90012,900104,ODE-10036,2019,Designated,Designated')
  const numbered = rows.map((row, index) => `OD-${String(index + 1).padStart(4, '0')},${row}`)
  return ['designation_id,drugbank_id,orpha_code,exclusivity_code,designation_year,status', ...numbered, ''].join('\n')
}
