<?php
// Redirects: to every kind of target, with and without a row in the redirect table, and flags that do not fit the text.
return static function ( Scribe $scribe ) {
	$zoe = $scribe->person( 'Zoë' );
	$targets = [ 'plain' => 'Texts', 'section' => 'Texts#A "section" & more', 'namespace' => 'Project:About',
		'interwiki' => 'MetaWikimedia:Main Page', 'special' => 'Special:RecentChanges', 'double' => 'Redirect plain',
		'broken' => 'No such page & "never"', 'self' => 'Redirect self', 'category' => ':Category:Cats & dogs', 'file' => ':File:No such file.png' ];
	foreach ( $targets as $name => $target ) {
		$scribe->edit( "Redirect $name", "#REDIRECT [[$target]]", $zoe );
	}
	$scribe->edit( 'Redirect once', '#REDIRECT [[Texts]]', $zoe );
	$scribe->edit( 'Redirect once', 'No longer', $zoe );
	$scribe->edit( 'Redirect later', 'Not yet', $zoe );
	$scribe->edit( 'Redirect later', '#redirect [[texts|with a name]]', $zoe );
	foreach ( [ 'without row' => '#REDIRECT [[Texts]]', 'without row, interwiki' => '#REDIRECT [[MetaWikimedia:Main Page]]',
		'without row, to a section' => "#REDIRECT: [[Texts#Here]]\nand more" ] as $name => $text ) {
		$scribe->store( "Redirect $name", $text, $zoe );
	}
	$flagged = $scribe->store( 'Redirect by flag only', 'an ordinary text', $zoe );
	$scribe->alter( 'page', [ 'page_is_redirect' => 1 ], [ 'page_latest' => $flagged ] );
	$unflagged = $scribe->edit( 'Redirect without flag', '#REDIRECT [[Texts]]', $zoe );
	$scribe->alter( 'page', [ 'page_is_redirect' => 0 ], [ 'page_latest' => $unflagged ] );
};
