sphobjinv suggest --all --thresh 90 --url https://metauni-alignment-faq.readthedocs.io/en/latest/objects.inv "lerning coefficient"
