sphobjinv suggest --all --thresh 80 --url https://metauni-alignment-faq.readthedocs.io/en/latest/objects.inv "lerning coefficient"
