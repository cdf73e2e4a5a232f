<?php
// Texts: escaping, white space, line ends, control characters, broken UTF-8, normalisation, every length of UTF-8.
return static function ( Scribe $scribe ) {
	$zoe = $scribe->person( 'Zoë' );
	$scribe->edit( 'Texts', '', $zoe, [ 'summary' => 'empty' ] );
	$scribe->edit( 'Texts', '<b>& "x" \'y\'</b> &amp; &lt; ]]> <!-- c --> <nowiki>&nbsp;</nowiki>', $zoe );
	$texts = [ "ends in spaces and lines   \n\n\n  ", "\n\n begins with lines\n\tand tabs", "CR LF\r\nand CR\ralone\r", "\r\r\n\n\r",
		"NUL \0, controls \x01\x02\x08\x0b\x0c\x0e\x1f\x7f", "C1 \u{80}\u{85}\u{9f}, BOM \u{FEFF}, non-characters \u{FFFE}\u{FFFF}\u{1FFFE}\u{FDD0}",
		"broken: \xff \xc0\xaf \xe2\x82 \xed\xa0\x80 \xf8\x88\x80\x80\x80 \xf4\x90\x80\x80 \xe4\xb8", "\x80 continuation first",
		"not NFC: e\u{301} A\u{30A} \u{2126} \u{212B} \u{FB1D} \u{1100}\u{1161}\u{11A8} q\u{307}\u{323}",
		"four bytes \u{1F600} \u{1F469}\u{200D}\u{1F467} \u{20000}; three € 中文; two é ß Ω; שלום عربى",
		"separators \u{2028}\u{2029}, soft hyphen \u{AD}, ZWSP \u{200B}", '0', ' ', "\n", "last one\n",
		"combining first: \u{301}e", "\u{1100}", "Thai \u{0E01}\u{0E33} and Hangul 한글 \u{1112}\u{1161}\u{11AB}" ];
	foreach ( $texts as $text ) {
		$scribe->store( 'Texts', $text, $zoe );
	}
	// A text as long as the limit that readers of dumps know, growing, blanked and restored.
	$long = '';
	for ( $i = 0; strlen( $long ) < 1200000; $i++ ) {
		$long .= "== Section $i ==\n<ref name=\"r$i\">text & more</ref>, ü and 中 " . md5( "long $i" ) . ".\n\n";
	}
	$scribe->store( 'Very long page', $long, $zoe );
	$scribe->store( 'Very long page', '', $scribe->stranger( '192.0.2.33' ), [ 'summary' => 'blanked' ] );
	$scribe->store( 'Very long page', $long . 'end', $zoe );
	// Lengths around powers of two, where buffers end; with a character that must be escaped on the border.
	foreach ( [ 15, 16, 17, 31, 32, 33, 4095, 4096, 4097, 65535, 65536, 65537 ] as $length ) {
		$scribe->store( 'Borders', str_repeat( 'a', $length - 2 ) . '&é', $zoe, [ 'summary' => (string)$length ] );
	}
};
