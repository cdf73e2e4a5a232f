<?php
// Log entries: parameters as arrays, as lines and as odd values; blocks, rights, tags; times out of order.
return static function ( Scribe $scribe ) {
	$admin = $scribe->person( 'Admin' );
	$zoe = $scribe->person( 'Zoë' );
	$entries = [
		[ 'rights', 'rights', 'User:Zoë', [ 'params' => [ '4::oldgroups' => [ 'user' ], '5::newgroups' => [ 'bot', 'sysop' ], 'oldmetadata' => [] ], 'comment' => 'promoted' ] ],
		[ 'test', 'legacy', 'Texts', [ 'params' => [ 'one', '', "three\twith <&>" ], 'legacy' => true ] ],
		[ 'test', 'odd', 'Texts', [ 'params' => [ 'bin' => "\x01 ctrl \xff broken", 'smile' => "\u{1F600}", 'n' => null, 'f' => 1.5 ] ] ],
		[ 'patrol', 'patrol', 'Texts', [ 'params' => [ '4::curid' => 5, '5::previd' => 4, '6::auto' => 0 ] ] ],
		[ 'tag', 'update', 'Texts', [ 'params' => [ '4::revid' => 5, '7::tagsAdded' => [ 'a' ] ] ] ],
		[ 'import', 'upload', 'Texts', [ 'params' => [ '4:number:count' => 3 ], 'comment' => 'from <elsewhere>' ] ],
		[ 'managetags', 'create', 'Special:Tags', [ 'params' => [ '4::tag' => 'x' ] ] ],
		[ 'test', 'nothing', 'Talk:0', [ 'comment' => '0' ] ],
	];
	foreach ( $entries as [ $type, $action, $title, $more ] ) {
		$scribe->log( $type, $action, $title, $admin, $more );
	}
	$scribe->block( '192.0.2.33', $admin, '1 week', 'vandal & <spammer>', [ 'isCreateAccountBlocked' => true ] );
	$id = $scribe->log( 'test', 'early', 'Texts', $zoe );
	$scribe->alter( 'logging', [ 'log_timestamp' => '20010101000000' ], [ 'log_id' => $id ] );
	$id = $scribe->log( 'test', 'lost', 'Texts', $zoe );
	$scribe->alter( 'logging', [ 'log_namespace' => 2000, 'log_title' => 'Lost_namespace', 'log_params' => '' ], [ 'log_id' => $id ] );
};
