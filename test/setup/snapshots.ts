// Most tests run experiments of this repository, which must not fill with their snapshots.
process.env['EXP_SNAPSHOT'] = '0';
