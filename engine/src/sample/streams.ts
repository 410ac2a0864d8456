/**
 * The invented bank: six streams of ten jobs. Nothing here names a real bank, system or person.
 * A line reads: name | usual minutes | usual rows of each stage | stages | after which jobs, `@minute` for the first
 * of a chain, or `^parent +minute` for a job that another one starts while it runs.
 */
export const STREAMS: Readonly<Record<string, string>> = {
  payments: `
    payment-cut-freeze | 6 | 4200 | freeze reconcile | @10
    settlement-file-import | 22 | 186000 | fetch parse load | payment-cut-freeze
    instant-payments-book | 18 | 412000 | read book confirm | payment-cut-freeze
    settlement-match | 30 | 184000 | stage match report | settlement-file-import
    fx-rates-load | 5 | 640 | fetch load | @15
    cross-border-convert | 24 | 38500 | price convert book | fx-rates-load
    standing-orders-run | 46 | 268000 | select build book confirm | instant-payments-book
    returns-and-recalls | 14 | 9100 | import match book | settlement-match
    fee-calculation | 36 | 530000 | collect rate book | standing-orders-run
    payments-out-file | 12 | 91000 | select write sign | returns-and-recalls fee-calculation
  `,
  ledger: `
    gl-open-day | 5 | 120 | check open | @0
    gl-extract | 42 | 1240000 | select extract convert verify load | gl-open-day
    sub-ledger-post | 34 | 880000 | collect post balance | gl-open-day
    gl-reconcile | 28 | 1180000 | load compare report | gl-extract sub-ledger-post
    accrual-run | 40 | 640000 | select accrue post | sub-ledger-post
    fx-revaluation | 16 | 54000 | price revalue post | sub-ledger-post
    inter-company-net | 12 | 7300 | collect net post | fx-revaluation
    trial-balance | 18 | 96000 | aggregate check | gl-reconcile accrual-run inter-company-net
    gl-archive | 50 | 1210000 | select write verify | gl-reconcile
    gl-close-day | 7 | 120 | check seal close | trial-balance
  `,
  lending: `
    loan-balance-roll | 32 | 410000 | select roll post | @45
    rate-reset | 14 | 26000 | select reset | @45
    collateral-revaluation | 38 | 152000 | price revalue store | loan-balance-roll
    interest-calculation | 44 | 405000 | read calculate post | loan-balance-roll rate-reset
    loan-provisions | 26 | 148000 | load classify provide | collateral-revaluation
    margin-calls | 9 | 3100 | select compute notify | collateral-revaluation
    collateral-report | 11 | 61000 | read layout write | collateral-revaluation
    arrears-ageing | 20 | 47000 | select age store | interest-calculation
    direct-debit-build | 25 | 119000 | select build write | interest-calculation
    customer-letters | 17 | 15400 | select merge print | arrears-ageing direct-debit-build
  `,
  cards: `
    card-clearing | 58 | 36 | plan supervise close | @75
    clearing-file-a | 14 | 340000 | fetch parse book | ^card-clearing +4
    clearing-file-b | 16 | 295000 | fetch parse book | ^card-clearing +8
    clearing-fees | 10 | 61000 | read rate book | ^card-clearing +34
    authorisation-match | 33 | 602000 | load match release | card-clearing
    chargeback-import | 8 | 2700 | fetch load | @90
    card-interest | 29 | 210000 | select calculate post | authorisation-match
    reward-points | 21 | 588000 | read rate store | authorisation-match
    card-statement-print | 37 | 74000 | select layout print | card-interest
    card-limits-refresh | 15 | 205000 | read compute store | card-interest
  `,
  risk: `
    market-data-load | 13 | 88000 | fetch clean load | @120
    position-snapshot | 19 | 176000 | read join store | market-data-load
    value-at-risk | 62 | 48 | plan supervise close | position-snapshot
    value-at-risk-rates | 24 | 91000 | load simulate store | ^value-at-risk +4
    value-at-risk-equity | 20 | 52000 | load simulate store | ^value-at-risk +6
    value-at-risk-credit | 17 | 33000 | load simulate store | ^value-at-risk +32
    exposure-aggregation | 35 | 164000 | load net aggregate store | position-snapshot
    limit-check | 10 | 12800 | load compare | exposure-aggregation
    stress-scenarios | 52 | 170000 | load simulate aggregate store | limit-check
    risk-pack | 9 | 5400 | collect layout | stress-scenarios value-at-risk
  `,
  reporting: `
    customer-snapshot | 40 | 910000 | select mask store | @170
    branch-sales-feed | 16 | 133000 | read aggregate write | customer-snapshot
    product-margin | 28 | 240000 | load allocate store | customer-snapshot
    liquidity-figures | 23 | 67000 | collect compute store | product-margin
    large-exposures | 19 | 8800 | select group check | liquidity-figures
    statistics-return | 31 | 45000 | collect map validate write | liquidity-figures
    management-summary | 12 | 2600 | collect layout | statistics-return large-exposures
    audit-extract | 48 | 720000 | select mask write | product-margin
    warehouse-publish | 35 | 860000 | load swap verify | statistics-return
    morning-figures | 6 | 900 | collect publish | warehouse-publish management-summary
  `,
};
