key = "acme_ffeeddccbbaa9988" # sekisho:allow credential/acme-token -- test double
