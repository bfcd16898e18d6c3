// Guides and the reference come before the pages of single models, many of which are named like common words.
var Scorer = {
  score: ([page, , , , score]) => score + (/^docs\/guides/.test(page) ? 10 : /^docs\/reference/.test(page) ? 5 : 0),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
