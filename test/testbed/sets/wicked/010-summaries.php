<?php
// Summaries and contributors: markup, length limits, control characters, broken UTF-8, texts that are not NFC.
return static function ( Scribe $scribe ) {
	$zoe = $scribe->person( 'Zoë' );
	$people = [
		$scribe->person( 'O\'Hara & "Co" ' . "\u{2019}" ), $scribe->stranger( '192.0.2.33' ),
		$scribe->stranger( '2001:DB8:0:0:0:0:0:1' ), $scribe->person( "Smile \u{1F600}" ),
	];
	$typed = [ '', 'a < b > c & d "e" \'f\' &amp; &#65; ]]>', str_repeat( 'a long one ', 70 ), str_repeat( "\u{1F600}", 600 ),
		"  tabs\tand\nlines\r\nand an end  ", '/* Section */ [[Link|text]] {{template}}' ];
	foreach ( $typed as $i => $summary ) {
		$scribe->edit( 'Summaries', "typed $i", $people[$i % 4], [ 'summary' => $summary, 'minor' => $i % 2 === 1 ] );
	}
	$stored = [ "controls \x01\x08\x0b\x0c\x1b\x7f, non-characters \u{FFFE}\u{FFFF}",
		"broken \xff\xfe \xc3 \xed\xa0\x80 \xf4\x90\x80\x80 UTF-8", "not NFC: e\u{301} A\u{30A} \u{2126} \u{1100}\u{1161}",
		'0', ' ', "\t", '<!-- -->', "cut in a character \xe4\xb8" ];
	foreach ( $stored as $i => $summary ) {
		$scribe->store( 'Summaries', "stored $i", $zoe, [ 'summary' => $summary ] );
	}
};
