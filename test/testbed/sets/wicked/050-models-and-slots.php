<?php
// Content models by title and by change, several slots, and a slot that is hidden (importDump refuses its empty JSON).
return static function ( Scribe $scribe ) {
	$admin = $scribe->person( 'Admin' );
	$zoe = $scribe->person( 'Zoë' );
	$scribe->edit( 'MediaWiki:Common.css', 'a > b::after { content: "<&>"; }', $admin );
	$scribe->edit( 'MediaWiki:Common.js', 'if ( 1 < 2 && 3 > 2 ) { alert( "hi" ); }', $admin );
	$scribe->edit( 'User:Zoë/common.js', '// script', $zoe );
	$scribe->edit( 'User:Zoë/data.json', '{ "a": [ 1, 2, "<&>" ] }', $zoe );
	$scribe->edit( 'User:Zoë/style.css', 'b { color: red }', $zoe );
	$scribe->edit( 'User:Zoë/redirect.js', '/* #REDIRECT */mw.loader.load("//x.example/w/index.php?title=User:Zo%C3%AB/common.js\u0026action=raw\u0026ctype=text/javascript");', $zoe );
	$scribe->store( 'Model plain text', new TextContent( "plain <text>\n" ), $zoe );
	$scribe->store( 'Model change', 'wikitext first', $zoe );
	$scribe->store( 'Model change', new JsonContent( '{"json":true}' ), $zoe );
	$scribe->log( 'contentmodel', 'change', 'Model change', $zoe, [ 'params' => [ '4::oldmodel' => 'wikitext', '5::newmodel' => 'json' ] ] );

	$aux = static fn ( $json ) => [ 'slots' => [ 'aux' => $json === null ? null : new JsonContent( $json ) ] ];
	$scribe->edit( 'Slots', 'one slot', $zoe );
	$scribe->edit( 'Slots', 'two slots', $zoe, $aux( '{"aux":"<1>"}' ) );
	$scribe->edit( 'Slots', 'main changed, aux inherited', $zoe );
	$scribe->edit( 'Slots', 'main changed, aux inherited', $zoe, $aux( '{"aux":2}' ) );
	$scribe->edit( 'Slots', 'one slot again', $zoe, $aux( null ) );
	$scribe->edit( 'Slots', 'latest has two', $zoe, $aux( '{"aux":[]}' ) );

	$scribe->edit( 'Hidden slot', 'first', $zoe );
	$hidden = $scribe->edit( 'Hidden slot', 'secret main text of two slots', $zoe, $aux( '{"json":"secret slot text"}' ) );
	$scribe->edit( 'Hidden slot', 'shown again', $zoe, $aux( null ) );
	$scribe->hide( 'revision', 'Hidden slot', $hidden, 1, $admin );
};
