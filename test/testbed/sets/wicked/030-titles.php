<?php
// Titles: every namespace, odd characters, the longest, "0", and some that only the database can hold.
return static function ( Scribe $scribe ) {
	$admin = $scribe->person( 'Admin' );
	$titles = [ 'Talk:Texts', 'User:Zoë', 'User talk:192.0.2.33', 'Project:About', 'Project talk:About', 'MediaWiki:Sidebar',
		'MediaWiki talk:Sidebar', 'Template:Box', 'Template talk:Box', 'Help:Contents', 'Category:Cats & dogs',
		'Category talk:Cats & dogs', 'Portal:Start', 'Portal talk:Start', 'Lower:lower case', 'Lower talk:Upper', 'Ünïcode',
		'日本語のページ', "\u{1F600} smile", 'Quote " and \' & ampersand', 'C++', 'A/B/C', '.dot', 'Ends with ...', 'Plus+minus=equal?',
		'Semicolon; comma, (parens)!*', 'Question? mark', 'Back\\slash', 'Percent % sign', str_repeat( 'Long title ', 23 ) . 'x',
		'File:No such file.png', "Dir\u{200E}ection", "\u{1C4} digraph", 'ß sharp', '0', 'Talk:0', "Caf\u{E9}" ];
	foreach ( $titles as $title ) {
		$scribe->edit( $title, "About '''$title''' [[Category:Cats & dogs]]", $admin, [ 'summary' => "made $title" ] );
	}
	$lost = $scribe->store( 'Project:Lost namespace', 'its namespace is gone', $admin );
	$scribe->alter( 'page', [ 'page_namespace' => 2000, 'page_title' => 'Lost_namespace' ], [ 'page_latest' => $lost ] );
	$odd = $scribe->store( 'Decomposed', 'its title is not NFC', $admin );
	$scribe->alter( 'page', [ 'page_title' => "Decompose\u{301}d_title" ], [ 'page_latest' => $odd ] );
};
